"""What makes no sense among the symbols of a page: illegal relations, symbols without a partner, symbols seen dimly."""

from __future__ import annotations

from collections.abc import Iterator

from omr.candidates import MOST_SYMBOLS
from omr.labels import DETECTED, FLAGS, GRAMMAR, INDEX, NOTEHEADS
from omr.notation import Node, NotationGraph
from omr.score import Issue

LOW_CONFIDENCE = 0.4  # below it a symbol is worth a look
NEARLY_NONE = 0.55  # a relation of a smaller probability was nearly left out
NEARLY_EQUAL = 0.5  # of the score of a symbol's class: a second class as good as that nearly won
_STEMLESS = ("noteheadWhole", "noteheadDoubleWhole", "noteheadSlash")
_NEEDS_HEAD = ("stem", "beam", *FLAGS)


def check_graph(graph: NotationGraph) -> tuple[Issue, ...]:
    """Illegal relations, symbols without a partner and doubtful symbols of one page (page index 0 in the references)."""
    found: list[Issue] = []
    for edge in sorted(graph.edges):
        source, target = graph.by_id[edge.source], graph.by_id[edge.target]
        known = source.label in DETECTED and target.label in DETECTED
        if known and (source.label, target.label) not in GRAMMAR:
            message = f"{source.label} cannot relate to {target.label}"
            found.append(_graph_issue("illegal-relation", message, source, target, severe=True))
        elif known and edge.score < NEARLY_NONE:
            message = f"whether a {target.label} belongs to this {source.label} was nearly a toss-up ({edge.score:.2f})"
            found.append(_doubt("relation-doubtful", message, source, target))
    unlinked = len(graph.nodes) - MOST_SYMBOLS
    if unlinked > 0:
        message = f"the page holds {len(graph.nodes)} symbols; the {unlinked} seen most dimly were not linked"
        found.append(Issue(code="symbols-not-linked", message=message, severity="warning"))
    for node in sorted(graph.nodes, key=lambda node: node.id):
        found.extend(_check_node(graph, node))
    return tuple(found)


def _check_node(graph: NotationGraph, node: Node) -> Iterator[Issue]:
    if node.label in NOTEHEADS:
        targets = {target.label for target in graph.targets(node.id)}
        if "stem" not in targets and node.label not in _STEMLESS:
            yield _graph_issue("head-without-stem", f"a {node.label} has no stem", node)
        if "beam" in targets and targets.intersection(FLAGS):
            yield _graph_issue("beam-and-flag", "a note has both a beam and a flag", node)
    elif node.label in _NEEDS_HEAD and not any(source.label in NOTEHEADS for source in graph.sources(node.id)):
        yield _graph_issue(f"{_kind(node)}-without-head", f"a {node.label} belongs to no note", node)
    elif node.label == "augmentationDot" and not graph.sources(node.id):
        yield _graph_issue("dot-without-note", "an augmentation dot belongs to no note or rest", node)
    if node.origin == "model":
        if node.score < LOW_CONFIDENCE:
            yield _doubt("low-confidence", f"a {node.label} was seen with a confidence of only {node.score:.2f}", node)
        rival = _rival(node)
        if rival is not None:
            yield _doubt("label-doubtful", f"a {node.label} may as well be a {rival}", node)


def _rival(node: Node) -> str | None:
    """The class that was nearly taken instead."""
    if len(node.scores) < 2 or node.label not in INDEX:
        return None
    place = INDEX[node.label]
    score = max(max(node.scores[:place], default=0.0), max(node.scores[place + 1 :], default=0.0))
    if score < NEARLY_EQUAL * node.scores[place]:
        return None
    return next(label for label, other in zip(DETECTED, node.scores) if other == score and label != node.label)


def _doubt(code: str, message: str, *nodes: Node) -> Issue:
    return Issue(code=code, message=message, severity="note", nodes=tuple((0, node.id) for node in nodes))


def _kind(node: Node) -> str:
    return "flag" if node.label in FLAGS else node.label


def _graph_issue(code: str, message: str, *nodes: Node, severe: bool = False) -> Issue:
    references = tuple((0, node.id) for node in nodes)
    return Issue(code=code, message=message, severity="error" if severe else "warning", nodes=references)
