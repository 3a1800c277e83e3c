"""The pages of a document as a project (.omr) that the window opens: what was found, less what only training needs.

The window reads the music from it anew, so nothing of the score is kept; a person's decisions are added there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from omr.files.project import packed
from omr.geometry import Box
from omr.notation import Node, NotationGraph, Staff
from omr.prepare import as_table

if TYPE_CHECKING:
    from omr.pipeline import PageResult

Json = dict[str, Any]

DIM: Final = 1e-4  # class scores below it are kept as zero: nothing reads them, and most are
QUARTER: Final = 90  # degrees
NO_DECISIONS: Final[Json] = {
    "checked": [], "accepted": [], "bars": {}, "names": {}, "groups": None, "overrides": []
}  # fmt: skip


def to_project(pages: Sequence[tuple[str, int, PageResult]], images: Iterable[bytes], dpi: int | None = None) -> bytes:
    """A project of recognised pages; each is (its file, its place there with 0 = first, what was found).

    `images` are the pages as they lie in their files, as PNG, in the same order; `dpi` is that of omr.config.Options. The same
    pages give the same bytes.
    """
    names = [f"p{number}" for number in range(1, len(pages) + 1)]
    entries = zip(names, pages, strict=True)
    document = {
        "order": names,
        "pages": {name: _page(source, index, result, dpi) for name, (source, index, result) in entries},
        "decisions": NO_DECISIONS,
    }
    token = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:16]
    return packed(document, token, zip(names, images, strict=True))


def _page(source: str, index: int, result: PageResult, dpi: int | None) -> Json:
    """A page nobody has touched, set upright."""
    return {
        "source": source,
        "index": index,
        "dpi": dpi,
        "status": "done",
        "message": "",
        "rotation": result.turns * QUARTER,
        "ignored": [],
        "erased": [],
        "cut": [],
        "drawn": [],
        "values": {},
        "result": encoded_result(replace(light(result), turns=0)),
    }


def light(result: PageResult) -> PageResult:
    """`result` without what only training needs: features, and class scores next to nothing."""
    slim = {node.id: tuple([s if s >= DIM else 0.0 for s in node.scores]) for node in result.graph.nodes}

    def lighter(graph: NotationGraph) -> NotationGraph:
        nodes = tuple(replace(node, scores=slim[node.id], features=()) for node in graph.nodes)
        return NotationGraph(nodes, graph.edges)

    reading = replace(result.reading, graph=lighter(result.reading.graph))
    return replace(result, graph=lighter(result.graph), reading=reading, seconds=())


def encoded_result(result: PageResult) -> Json:
    """What was found on a page as JSON: symbols by id, relations by their ends, so that edits differ by little."""
    read = result.reading.graph.by_id
    return {
        "index": result.index,
        "nodes": {str(node.id): encoded_node(node, read[node.id].box) for node in result.graph.nodes},
        "edges": {f"{edge.source}-{edge.target}": edge.score for edge in result.graph.edges},
        "staves": [_staff(staff) for staff in result.staves],
        "read": [_staff(staff) for staff in result.reading.staves],
        "names": [list(name) for name in result.reading.names],
        "to_page": as_table(result.to_page),
        "turns": result.turns,
    }


def encoded_node(node: Node, read: Box | None) -> list[Any]:
    """A symbol in page pixels, with its box on the prepared image; class scores where they are not zero."""
    scores = [[place, score] for place, score in enumerate(node.scores) if score]
    return [node.id, node.label, sides(node.box), sides(read) if read else None, node.score, scores, node.origin]


def _staff(staff: Staff) -> Json:
    lines = [[list(line.xs), list(line.ys)] for line in staff.lines]
    return {
        "index": staff.index,
        "system": staff.system,
        "lines": lines,
        "box": sides(staff.box),
        "space": staff.staff_space,
    }


def sides(box: Box) -> list[float]:
    """Left, top, right, bottom."""
    return [box.left, box.top, box.right, box.bottom]
