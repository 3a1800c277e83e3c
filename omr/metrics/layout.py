"""Staves, systems, clefs, keys and metres of a page against the truth: one fault here voids the notes of a whole system.

The truth is MusicXML whose new-system (or new-page) marks say where the page breaks its lines; every part is taken to
be printed with all its staves in every system.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from omr.metrics.alignment import align
from omr.metrics.notes import parse_musicxml

USUAL_LINE = {"G": 2, "F": 4, "C": 3}
BAR_COUNT_WEIGHT = 0.5
"""Two systems of equally many bars are likely the same system, but less surely than two that share a clef or a key."""


@dataclass(frozen=True, slots=True)
class StaffStart:
    """What is in force at the left end of a staff."""

    clef: tuple[str, int, int] | None = None
    """(sign, line from the bottom, octave change)."""
    fifths: int | None = None
    time: tuple[str, str] | None = None
    """(beats, beat type) as written, common time as ("4", "4"); None where no metre is stated."""


@dataclass(frozen=True, slots=True)
class SystemStart:
    """One line of music: its number of bars, and its staves from top to bottom."""

    bars: int
    staves: tuple[StaffStart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutCounts:
    """Counts behind the shares; add the counts of pages, then read the shares."""

    staves: int = 0
    staves_found: int = 0
    """At most the number of true staves of each page."""
    staves_added: int = 0
    """Staves found beyond the number of true ones."""
    systems: int = 0
    systems_right: int = 0
    """Systems whose number of staves is right, in order."""
    starts: int = 0
    """Staff beginnings of the truth: staves of all systems."""
    clefs_right: int = 0
    keys_right: int = 0
    times_right: int = 0

    def __add__(self, other: LayoutCounts) -> LayoutCounts:
        return LayoutCounts(
            **{part.name: getattr(self, part.name) + getattr(other, part.name) for part in fields(self)}
        )

    @property
    def staves_share(self) -> float:
        return self.staves_found / self.staves if self.staves else 0.0

    @property
    def systems_share(self) -> float:
        return self.systems_right / self.systems if self.systems else 0.0

    @property
    def clefs_share(self) -> float:
        return self.clefs_right / self.starts if self.starts else 0.0

    @property
    def keys_share(self) -> float:
        return self.keys_right / self.starts if self.starts else 0.0

    @property
    def times_share(self) -> float:
        return self.times_right / self.starts if self.starts else 0.0


def read_systems(musicxml: bytes) -> tuple[SystemStart, ...]:
    """The systems a partwise score says it is printed in, with the clef, key and metre in force where each begins."""
    parts = [part.findall("measure") for part in parse_musicxml(musicxml).findall("part")]
    bars = max((len(measures) for measures in parts), default=0)
    breaks = sorted({0, *(index for measures in parts for index, bar in enumerate(measures) if index and _breaks(bar))})
    if not bars:
        return ()
    states = [_states(measures) for measures in parts]
    return tuple(
        SystemStart(end - start, tuple(staff for rows in states for staff in rows[min(start, len(rows) - 1)]))
        for start, end in zip(breaks, [*breaks[1:], bars], strict=True)
    )


def _breaks(measure: ET.Element) -> bool:
    return any("yes" in (mark.get("new-system"), mark.get("new-page")) for mark in measure.findall("print"))


def _states(measures: Sequence[ET.Element]) -> list[tuple[StaffStart, ...]]:
    """What is in force at the start of each bar of one part, staff by staff."""
    count = max((int(text) for measure in measures for text in _texts(measure, "attributes/staves")), default=1)
    current = [StaffStart()] * count
    rows = []
    for measure in measures:
        leading, later = _attributes(measure)
        current = _changed(current, leading)
        rows.append(tuple(current))
        current = _changed(current, later)
    return rows or [tuple(current)]


def _texts(measure: ET.Element, path: str) -> list[str]:
    return [element.text for element in measure.findall(path) if element.text]


def _attributes(measure: ET.Element) -> tuple[list[ET.Element], list[ET.Element]]:
    """Attributes elements at the start of the bar, and the later ones; time is counted in divisions."""
    now = 0.0
    leading: list[ET.Element] = []
    later: list[ET.Element] = []
    for element in measure:
        if element.tag == "attributes":
            (leading if now <= 0 else later).append(element)
        elif element.tag == "backup":
            now -= float(element.findtext("duration") or 0)
        elif element.tag == "forward" or (element.tag == "note" and element.find("chord") is None):
            now += float(element.findtext("duration") or 0)
    return leading, later


def _changed(current: Sequence[StaffStart], attributes: Iterable[ET.Element]) -> list[StaffStart]:
    staves = list(current)
    for element in attributes:
        for clef in element.findall("clef"):
            index = int(clef.get("number", "1")) - 1
            if index < len(staves):
                staves[index] = replace(staves[index], clef=_clef(clef))
        for key in element.findall("key"):
            fifths = int(key.findtext("fifths") or 0)
            for index in _staves_of(key, len(staves)):
                staves[index] = replace(staves[index], fifths=fifths)
        for time in element.findall("time"):
            for index in _staves_of(time, len(staves)):
                staves[index] = replace(staves[index], time=_time(time))
    return staves


def _staves_of(signature: ET.Element, count: int) -> list[int]:
    """0-based staves of the part that a key or metre is for: all where it names none."""
    number = signature.get("number")
    return [index for index in range(count) if number is None or index == int(number) - 1]


def _time(time: ET.Element) -> tuple[str, str] | None:
    beats, beat_type = (time.findtext(tag) for tag in ("beats", "beat-type"))
    return (beats.strip(), beat_type.strip()) if beats and beat_type else None


def _clef(clef: ET.Element) -> tuple[str, int, int]:
    sign = (clef.findtext("sign") or "").strip()
    line = int(clef.findtext("line") or USUAL_LINE.get(sign, 0))
    return sign, line, int(clef.findtext("clef-octave-change") or 0)


def score_layout(
    truth: Sequence[SystemStart], found: Sequence[SystemStart], found_sizes: Sequence[int]
) -> LayoutCounts:
    """Counts of one page; `found_sizes` are the staves of each system seen in the picture, top to bottom.

    Clefs, keys and metres are compared staff by staff in systems paired by their order where there are equally many, otherwise
    by the alignment in which most agrees.
    """
    sizes = [len(system.staves) for system in truth]
    same_size = [[float(size == other) for other in found_sizes] for size in sizes]
    starts = [
        (here, there)
        for i, j in _paired(truth, found)
        for here, there in zip(truth[i].staves, found[j].staves, strict=False)
    ]
    return LayoutCounts(
        staves=sum(sizes),
        staves_found=min(sum(sizes), sum(found_sizes)),
        staves_added=max(0, sum(found_sizes) - sum(sizes)),
        systems=len(sizes),
        systems_right=len(align(same_size, len(found_sizes))),
        starts=sum(sizes),
        clefs_right=sum(here.clef == there.clef for here, there in starts),
        keys_right=sum((here.fifths or 0) == (there.fifths or 0) for here, there in starts),
        times_right=sum(here.time == there.time for here, there in starts),
    )


def _paired(truth: Sequence[SystemStart], found: Sequence[SystemStart]) -> Iterable[tuple[int, int]]:
    if len(truth) == len(found):
        return [(index, index) for index in range(len(truth))]
    return align([[_likeness(system, other) for other in found] for system in truth], len(found))


def _likeness(system: SystemStart, other: SystemStart) -> float:
    pairs = list(zip(system.staves, other.staves, strict=False))
    same = sum((here.clef == there.clef) + (here.fifths == there.fifths) for here, there in pairs)
    return same + BAR_COUNT_WEIGHT * (system.bars == other.bars)
