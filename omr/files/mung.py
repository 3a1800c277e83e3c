"""The notation graph as a MUSCIMA++ v2.0 file and back (Hajic and Pecina 2017; schema CVC-MUSCIMA_Schema.xsd).

The format counts whole pixels, so a box is widened to whole pixels on writing; masks are not written and not read. Labels
beyond ours are kept as they stand, so files with composite symbols can be read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from lxml import etree

from omr.errors import InputError
from omr.files.elements import child
from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph, Origin

DATASET = "scorewright"


def to_mung(graph: NotationGraph, document: str) -> bytes:
    """`graph` as the Nodes of page `document`, in order of id."""
    root = etree.Element("Nodes", {"dataset": DATASET, "document": document})
    outlinks = _links((edge.source, edge.target) for edge in graph.edges)
    inlinks = _links((edge.target, edge.source) for edge in graph.edges)
    for node in sorted(graph.nodes, key=lambda node: node.id):
        element = child(root, "Node")
        child(element, "Id", node.id)
        child(element, "ClassName", node.label)
        left, top = math.floor(node.box.left), math.floor(node.box.top)
        child(element, "Top", top)
        child(element, "Left", left)
        child(element, "Width", math.ceil(node.box.right) - left)
        child(element, "Height", math.ceil(node.box.bottom) - top)
        if node.id in inlinks:
            child(element, "Inlinks", inlinks[node.id])
        if node.id in outlinks:
            child(element, "Outlinks", outlinks[node.id])
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def read_mung(content: bytes, origin: Origin = "truth") -> NotationGraph:
    """The graph in a MUSCIMA++ v2.0 file; links to symbols that are not in the file are left out.

    Raises InputError, naming the field, when it is not such a file.
    """
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise InputError(f"not a MuNG file: {error}") from error
    if root.tag != "Nodes":
        raise InputError(f"not a MuNG file: it begins with <{root.tag}>, expected <Nodes> (MUSCIMA++ version 2)")
    elements = root.findall("Node")
    nodes = tuple(_read_node(element, origin) for element in elements)
    known = {node.id for node in nodes}
    if len(known) != len(nodes):
        raise InputError("not a usable MuNG file: two symbols share an Id")
    pairs = {
        (node.id, target)
        for node, element in zip(nodes, elements, strict=True)
        for target in _numbers(element, "Outlinks")
        if target in known
    }
    return NotationGraph(nodes, tuple(Edge(source, target) for source, target in sorted(pairs)))


def _links(pairs: Iterable[tuple[int, int]]) -> dict[int, str]:
    found: dict[int, list[int]] = {}
    for here, there in pairs:
        found.setdefault(here, []).append(there)
    return {here: " ".join(str(there) for there in sorted(ends)) for here, ends in found.items()}


def _read_node(element: etree._Element, origin: Origin) -> Node:
    label = (element.findtext("ClassName") or "").strip()
    if not label:
        raise InputError(f"not a usable MuNG file: the Node in line {element.sourceline} has no ClassName")
    left, top = _number(element, "Left"), _number(element, "Top")
    width, height = _number(element, "Width"), _number(element, "Height")
    if width < 0 or height < 0:
        raise InputError(f"not a usable MuNG file: the Node in line {element.sourceline} has a negative size")
    return Node(id=_number(element, "Id"), label=label, box=Box(left, top, left + width, top + height), origin=origin)


def _number(element: etree._Element, field: str) -> int:
    numbers = _numbers(element, field)
    if len(numbers) != 1:
        raise InputError(f"not a usable MuNG file: the Node in line {element.sourceline} needs one number as {field}")
    return numbers[0]


def _numbers(element: etree._Element, field: str) -> tuple[int, ...]:
    text = element.findtext(field) or ""
    try:
        return tuple(int(word) for word in text.split())
    except ValueError as error:
        place = f"the Node in line {element.sourceline}"
        raise InputError(f"not a usable MuNG file: {field} of {place} is not a number: {text[:40]!r}") from error
