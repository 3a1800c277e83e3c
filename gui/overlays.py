"""From the document to what is drawn over one of its pages."""

from __future__ import annotations

from gui.document import Document
from gui.rereading import Reread
from gui.scene import BarMark, Overlay
from gui.state import BarKey
from omr.geometry import Box, union


def overlay_of(document: Document, page: str) -> Overlay:
    """Ink as it is now; voices and bars as the music was last read."""
    entry = next((entry for entry in document.state.pages if entry.id == page), None)
    if entry is None:
        return Overlay()
    if entry.result is None:
        return Overlay(regions=entry.ignored)
    heard = document.reread
    place = _place(heard, page)
    return Overlay(
        graph=entry.graph,
        staves=entry.result.staves,
        voices=_voices(heard, place) if heard is not None and place is not None else {},
        bars=_bars(document, page),
        regions=entry.ignored,
    )


def bar_box(document: Document, bar: BarKey) -> Box | None:
    """The place of a bar on its page, page pixels; None where there is no such bar."""
    heard = document.reread
    index = document.bar_index(bar)
    if heard is None or index is None:
        return None
    measure = heard.score.parts[0].measures[index]
    entry = heard.state.page(bar.page)
    staves = [s.box for s in entry.result.staves if s.system == bar.system] if entry.result is not None else []
    if not staves:
        return None
    around = union(staves)
    return Box(measure.left_x, around.top, max(measure.left_x, measure.right_x), around.bottom)


def bar_name(document: Document, bar: BarKey) -> str:
    """What people call a bar: its printed number."""
    index = document.bar_index(bar)
    if index is None or document.reread is None:
        return "bar"
    return f"bar {document.reread.score.parts[0].measures[index].number}"


def _place(heard: Reread | None, page: str) -> int | None:
    if heard is None:
        return None
    return next((place for place, entry in enumerate(heard.state.read_pages) if entry.id == page), None)


def _voices(heard: Reread, place: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in heard.score.parts:
        for measure in part.measures:
            if measure.page != place:
                continue
            for event in measure.events:
                nodes = [node for tone in event.tones for node in tone.nodes[:1]] or list(event.nodes[:1])
                found.update({number: event.voice for page, number in nodes if page == place})
    return found


def _bars(document: Document, page: str) -> tuple[BarMark, ...]:
    checked = document.state.decisions.checked
    harms = {problem.bar: problem.harm for problem in document.problems}
    found = []
    for bar in document.reread.bars if document.reread is not None else ():
        if bar.page == page and (bar in checked or bar in harms):
            box = bar_box(document, bar)
            if box is not None:
                found.append(BarMark(box=box, harm=harms.get(bar, 0.0), checked=bar in checked))
    return tuple(found)
