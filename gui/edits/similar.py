"""Fix all alike: other places where the same fault is likely, shown first, then mended in one step.

Symbols are alike that have the same class, about the same size and stand about as high on their staff or are seen with the
same doubt: an ornament of the page taken for an accidental is taken for one every time.
"""

from __future__ import annotations

from collections.abc import Collection
from math import log

from gui.edits.error import node_of, page_of, result_of
from gui.edits.symbols import delete, relabel
from gui.state import NodeKey, PageEntry, State
from omr.notation import Node

SIZE = 0.18  # of the natural logarithm of width and height
LIKENESS = 0.8  # cosine of what the detector thought of two symbols


def alike(state: State, page_id: str, node_id: int) -> tuple[NodeKey, ...]:
    """Symbols the model read as the same class and that look like `node_id`, likest first, itself left out."""
    home = page_of(state, page_id)
    model = node_of(result_of(home), node_id)
    unit = _space(home)
    found = []
    for entry in state.pages:
        space = _space(entry)
        for node in entry.graph.nodes:
            if (entry.id, node.id) == (page_id, node_id) or node.origin != "model" or node.label != model.label:
                continue
            off = _off(model, unit, node, space)
            if off is not None:
                found.append((off, NodeKey(entry.id, node.id)))
    return tuple(key for _, key in sorted(found))


def apply_alike(state: State, keys: Collection[NodeKey], label: str | None) -> State:
    """The state with all these symbols named `label`, or deleted (None)."""
    pages: dict[str, list[int]] = {}
    for key in keys:
        pages.setdefault(key.page, []).append(key.node)
    for page_id, ids in sorted(pages.items()):
        state = delete(state, page_id, ids) if label is None else relabel(state, page_id, ids, label)
    return state


def _space(entry: PageEntry) -> float:
    return entry.result.staves[0].staff_space if entry.result is not None and entry.result.staves else 1.0


def _off(one: Node, unit: float, other: Node, space: float) -> float | None:
    """How different two symbols are; None: too different."""
    sides = [
        abs(log(max(a, 1e-3) / unit) - log(max(b, 1e-3) / space))
        for a, b in ((one.box.width, other.box.width), (one.box.height, other.box.height))
    ]
    if max(sides) > SIZE:
        return None
    if not one.scores or len(one.scores) != len(other.scores):
        return sum(sides)
    dot = sum(a * b for a, b in zip(one.scores, other.scores, strict=True))
    length = (sum(a * a for a in one.scores) * sum(b * b for b in other.scores)) ** 0.5
    likeness = dot / length if length else 0.0
    return sum(sides) + 1 - likeness if likeness >= LIKENESS else None
