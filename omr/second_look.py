"""A second look: a page seen again at other sizes and in thinner ink, told as the bars that then say other notes.

A network that is sure of a symbol finds it whatever the pixels it is drawn on; what comes and goes with a sixteenth of the size
or the edge of the ink is doubtful, and what the other look shows is often what is printed. The more looks, the clearer: most
bars on which two or more of four differ from the first are wrong, most of the others right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from omr.agreement import NUMBERS
from omr.detect import detect
from omr.files.gate import repair
from omr.flatten import flatten
from omr.geometry import Box
from omr.labels import NOTEHEADS, RESTS
from omr.link import link
from omr.models import LoadingModels, Models
from omr.notation import Node, NotationGraph, Staff
from omr.page import PageImage
from omr.pipeline import PageResult, settled
from omr.prepare import Prepared, prepare, to_page
from omr.reading.page import ReadPage
from omr.reading.reader import read
from omr.sound import Sound, sound_of
from omr.staves import group_systems, split_asides

SIZES: Final = (15 / 16, 17 / 16, 9 / 8, 1.0)
"""Of the prepared picture, in its own, in the order of omr.agreement.NUMBERS; at its own size with thinner ink."""
THINNER: Final = np.ones((2, 2), np.uint8)
"""Of each such block of pixels the whitest is taken, which makes strokes a pixel thinner."""
SAME: Final = 0.4  # overlap (IoU) of two boxes around the same ink
PAD: Final = 3.0  # pixels around boxes that are compared: a stem is two wide
PLACED: Final = frozenset((*NOTEHEADS, *RESTS))
"""Classes whose height is what they say."""
COVER: Final = 0.8  # share of the wider of two bars that both cover, if they are the same bar
APART: Final = 0.1  # staff spaces between the same point of two pictures that were prepared alike

Pair = tuple[int, int]
"""(source, target) of a relation, node ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherBar:
    """One bar of a page as another size shows it; symbols by their ids on the page, those only seen there by negative ones."""

    size: int
    """Number of the look, one of omr.agreement.NUMBERS or FIRST."""
    system: int
    """0 = topmost of the page."""
    middle: float
    """Of the bar, x in page pixels."""
    sound: Sound | None
    """Its notes; None where no bar has these ends."""
    found: tuple[Node, ...]
    """Symbols only seen there, page pixels."""
    moved: tuple[tuple[int, Box], ...]
    """(id, box in page pixels) of symbols of the page that are seen there too."""
    gone: tuple[int, ...]
    """Symbols of the page that are not seen there."""
    joined: tuple[Pair, ...]
    """Relations only seen there."""
    parted: tuple[Pair, ...]
    """Relations not seen there between symbols that are."""


class _Bar(NamedTuple):
    system: int
    left: float
    right: float
    """Prepared pixels."""
    sound: Sound


def look_again(page: PageImage, result: PageResult, models: Models | LoadingModels) -> tuple[OtherBar, ...]:
    """The bars of an upright page that say other notes in further looks than in `result`, which is all found on it before."""
    prepared = flatten(prepare(page)).prepared
    if not _same_map(prepared, result):
        return ()
    return other_bars(result, [_seen(prepared.image, size, result, models) for size in SIZES])


def _seen(
    image: npt.NDArray[np.uint8], size: float, result: PageResult, models: Models | LoadingModels
) -> NotationGraph:
    """Symbols and relations of a prepared picture seen at `size` of its own, in its pixels."""
    small = _redrawn(image, size)
    back = image.shape[1] / small.shape[1], image.shape[0] / small.shape[0]
    nodes = [replace(node, box=_scaled(node.box, *back)) for node in detect(small, models.detector)]
    staves, asides = split_asides(group_systems(result.reading.staves, image))
    music, staves = settled(nodes, staves, asides, by_hand=models.detector.by_hand)
    return link(music, staves, models.scorer)


def _redrawn(image: npt.NDArray[np.uint8], size: float) -> npt.NDArray[np.uint8]:
    """A prepared picture at `size` of its own; at its own in thinner ink."""
    if size == 1:
        return np.asarray(cv2.dilate(image, THINNER), np.uint8)
    method = cv2.INTER_AREA if size < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, None, fx=size, fy=size, interpolation=method), np.uint8)


def _same_map(prepared: Prepared, result: PageResult) -> bool:
    """Whether the page was prepared as it was for `result`: regions taken out since then may have changed that."""
    height, width = prepared.image.shape
    corners = np.array([(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)])
    apart = np.abs(to_page(prepared.to_page, corners) - to_page(result.to_page, corners)).max()
    return prepared.turns == 0 and bool(apart <= APART * prepared.page_staff_space)


def _scaled(box: Box, across: float, down: float) -> Box:
    return Box(box.left * across, box.top * down, box.right * across, box.bottom * down)


def other_bars(result: PageResult, graphs: Sequence[NotationGraph]) -> tuple[OtherBar, ...]:
    """The bars that say other notes in one of `graphs` (prepared pixels, by omr.agreement.NUMBERS) than in the page's own."""
    own = _bars(result.reading)
    return tuple(
        bar
        for size, graph in zip(NUMBERS, graphs, strict=False)
        for bar in _others(result, own, _Look(result, graph), size, _bars(replace(result.reading, graph=graph)))
    )


class _Look:
    """Symbols and relations of another size by the ids of the page."""

    def __init__(self, result: PageResult, graph: NotationGraph) -> None:
        staves = result.reading.staves
        self.own = result.reading.graph
        names = _matched(self.own.nodes, graph.nodes, staves)
        new = [node for node in graph.nodes if node.id not in names]
        names = {**names, **{node.id: -1 - place for place, node in enumerate(new)}}
        self.nodes = tuple(replace(node, id=names[node.id], scores=(), features=()) for node in graph.nodes)
        self.edges = {(names[edge.source], names[edge.target]) for edge in graph.edges}
        self.systems = {
            id(node): min(staves, key=lambda staff: _away(staff, node)).system
            for node in (*self.nodes, *self.own.nodes)
        }

    def within(self, nodes: Iterable[Node], bar: _Bar) -> list[Node]:
        """Those of `nodes` in the bar, by their middles."""
        return [n for n in nodes if bar.left <= n.box.center.x < bar.right and self.systems[id(n)] == bar.system]


def _others(
    result: PageResult, own: Sequence[_Bar], look: _Look, size: int, theirs: Sequence[_Bar]
) -> Iterator[OtherBar]:
    known = {node.id for node in look.nodes}
    before = {(edge.source, edge.target) for edge in look.own.edges}
    for bar in own:
        partner = next((other for other in theirs if _same(bar, other)), None)
        if partner is not None and partner.sound == bar.sound:
            continue
        seen = look.within(look.nodes, bar)
        gone = {node.id for node in look.within(look.own.nodes, bar)} - known
        inside = {node.id for node in seen}
        yield OtherBar(
            size=size,
            system=bar.system,
            middle=_on_page(result, bar),
            sound=partner.sound if partner is not None else None,
            found=_to_page(result, [node for node in seen if node.id < 0]),
            moved=tuple((node.id, node.box) for node in _to_page(result, [n for n in seen if n.id >= 0])),
            gone=tuple(sorted(gone)),
            joined=tuple(sorted(pair for pair in look.edges - before if inside.intersection(pair))),
            parted=tuple(
                sorted(pair for pair in before - look.edges if inside.intersection(pair) and known.issuperset(pair))
            ),
        )


def _bars(page: ReadPage) -> list[_Bar]:
    """The bars of a page read by itself."""
    reading = read((page,))
    score, _ = repair(reading.score())
    return [
        _Bar(
            reading.document.systems[bar.ink.system].index,
            bar.ink.span.left,
            bar.ink.span.right,
            sound_of(part.measures[place] for part in score.parts if place < len(part.measures)),
        )
        for place, bar in enumerate(reading.bars)
    ]


def _same(one: _Bar, other: _Bar) -> bool:
    common = min(one.right, other.right) - max(one.left, other.left)
    wider = max(one.right - one.left, other.right - other.left)
    return one.system == other.system and common >= COVER * wider


def _away(staff: Staff, node: Node) -> float:
    y = node.box.center.y
    return max(staff.box.top - y, y - staff.box.bottom, 0.0)


def _to_page(result: PageResult, nodes: Sequence[Node]) -> tuple[Node, ...]:
    sides = np.array([(n.box.left, n.box.top, n.box.right, n.box.bottom) for n in nodes], np.float64).reshape(-1, 4)
    corners = to_page(result.to_page, sides[:, [0, 1, 0, 3, 2, 1, 2, 3]].reshape(-1, 2)).reshape(-1, 4, 2)
    boxes = np.concatenate((corners.min(axis=1), corners.max(axis=1)), axis=1).round(2).tolist()
    return tuple(replace(node, box=Box(*box)) for node, box in zip(nodes, boxes, strict=True))


def _on_page(result: PageResult, bar: _Bar) -> float:
    staves = [staff.box for staff in result.reading.staves if staff.system == bar.system]
    y = (min(box.top for box in staves) + max(box.bottom for box in staves)) / 2
    return float(to_page(result.to_page, np.array([((bar.left + bar.right) / 2, y)]))[0, 0])


def _matched(nodes: Sequence[Node], others: Sequence[Node], staves: Sequence[Staff]) -> dict[int, int]:
    """By the id of each of `others` that of the one of `nodes` in the same ink with the same class."""
    return {
        other.id: node.id
        for label, (mine, theirs) in _by_label(nodes, others).items()
        for node, other in _pairs(mine, theirs)
        if label not in PLACED or _position(node, staves) == _position(other, staves)
    }


def _by_label(nodes: Sequence[Node], others: Sequence[Node]) -> Mapping[str, tuple[list[Node], list[Node]]]:
    found: dict[str, tuple[list[Node], list[Node]]] = defaultdict(lambda: ([], []))
    for node in nodes:
        found[node.label][0].append(node)
    for node in others:
        found[node.label][1].append(node)
    return found


def _pairs(nodes: Sequence[Node], others: Sequence[Node]) -> list[tuple[Node, Node]]:
    """The pairs that overlap most, each node in one."""
    shares = _overlaps(_sides(nodes), _sides(others))
    rows, columns = np.nonzero(shares > SAME)
    mine, theirs = set[int](), set[int]()
    found = []
    for place in np.argsort(-shares[rows, columns], kind="stable").tolist():
        row, column = int(rows[place]), int(columns[place])
        if row not in mine and column not in theirs:
            mine.add(row)
            theirs.add(column)
            found.append((nodes[row], others[column]))
    return found


def _sides(nodes: Sequence[Node]) -> npt.NDArray[np.float64]:
    rows = [(n.box.left - PAD, n.box.top - PAD, n.box.right + PAD, n.box.bottom + PAD) for n in nodes]
    return np.array(rows, np.float64).reshape(-1, 4)


def _overlaps(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """IoU of every box of `one` with every box of `other`."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    common = np.clip(high - low, 0, None).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (one, other)]
    return np.asarray(common / (areas[0][:, None] + areas[1][None, :] - common))


def _position(node: Node, staves: Sequence[Staff]) -> int:
    """Half staff spaces below the top line of the nearest staff."""
    centre = node.box.center
    return round(min(staves, key=lambda staff: _away(staff, node)).position_at(centre.x, centre.y))
