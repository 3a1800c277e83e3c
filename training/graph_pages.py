"""Notation graphs without their images: what the linker learns from, small enough that a whole corpus fits in memory.

One gzipped file holds one page a line as JSON, so that engraving happens once and every run reads the same pages.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from datasets.sample import Sample
from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph, Staff, StaffLine


@dataclass(frozen=True, kw_only=True)
class GraphPage:
    """A page's truth, or a detector's symbols with the relations of the truth they were matched to."""

    name: str
    graph: NotationGraph
    staves: tuple[Staff, ...]


def without_image(sample: Sample) -> GraphPage:
    """The graph and staves of a sample."""
    return GraphPage(name=sample.name, graph=sample.graph, staves=sample.staves)


def write_pages(pages: Iterable[GraphPage], path: Path) -> int:
    """Write the pages in order and return how many; the same pages give the same bytes."""
    draft = path.with_name(path.name + ".part")
    count = 0
    with draft.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as file:
        for page in pages:
            file.write((json.dumps(_to_json(page), separators=(",", ":")) + "\n").encode())
            count += 1
    draft.replace(path)
    return count


def read_pages(path: Path) -> Iterator[GraphPage]:
    """The pages of a file that write_pages made."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield _from_json(json.loads(line))


def _to_json(page: GraphPage) -> dict[str, object]:
    nodes = [
        [
            node.id,
            node.label,
            *(round(v, 2) for v in _sides(node.box)),
            round(node.score, 4),
            [round(s, 3) for s in node.scores],
        ]
        for node in page.graph.nodes
    ]
    staves = [
        [staff.system, round(staff.staff_space, 3), *_sides(staff.box), [[line.xs, line.ys] for line in staff.lines]]
        for staff in page.staves
    ]
    edges = [[edge.source, edge.target] for edge in page.graph.edges]
    return {"name": page.name, "nodes": nodes, "edges": edges, "staves": staves, "features": _packed(page.graph.nodes)}


def _packed(nodes: Sequence[Node]) -> str:
    """The symbols' features as base64 of half precision; empty where not every symbol has them."""
    if not all(node.features for node in nodes):
        return ""
    return base64.b64encode(np.array([node.features for node in nodes], np.float16).tobytes()).decode("ascii")


def _unpacked(text: str, count: int) -> list[tuple[float, ...]]:
    if not text:
        return [()] * count
    table = np.frombuffer(base64.b64decode(text), np.float16).reshape(count, -1)
    return [tuple(row) for row in table.tolist()]


def _from_json(data: dict[str, Any]) -> GraphPage:
    features = _unpacked(data.get("features", ""), len(data["nodes"]))
    nodes = tuple(
        Node(id=row[0], label=row[1], box=Box(*row[2:6]), score=row[6], scores=tuple(row[7]), features=seen)
        for row, seen in zip(data["nodes"], features, strict=True)
    )
    staves = tuple(
        Staff(
            index=index,
            system=row[0],
            staff_space=row[1],
            box=Box(*row[2:6]),
            lines=tuple(StaffLine(xs=tuple(xs), ys=tuple(ys)) for xs, ys in row[6]),
        )
        for index, row in enumerate(data["staves"])
    )
    edges = tuple(Edge(source, target) for source, target in data["edges"])
    return GraphPage(name=str(data["name"]), graph=NotationGraph(nodes, edges), staves=staves)


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom
