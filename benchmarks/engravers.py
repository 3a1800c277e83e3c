"""MusicXML engraved by programs that no model has seen: LilyPond and MuseScore 3.

Both report back what they engraved (the notes, and the bars at which lines begin), because either may drop or change what it
does not understand: a page whose notes are not those of the file is no test of reading.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, zip_longest
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from lxml import etree

from datasets import programs
from omr.metrics.layout import read_systems
from omr.metrics.notes import Bar, BarNote, read_bars

Image = npt.NDArray[np.uint8]
RESOLUTION = 300  # dots an inch
PATIENCE = 600
"""Seconds for one page, on a busy machine."""
REPORT = Path(__file__).parent / "held_out" / "report.ly"
RATIO = r"\d+(?:/\d+)?"
ROUNDING = Fraction(1, 40)
"""Quarter notes: less than any two notes of a voice lie apart."""
WHOLE = 4
"""Quarter notes in LilyPond's unit of time."""


class EngravingError(Exception):
    """An engraver that is missing, fails, or engraves other notes than the file holds; says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engraving:
    """What an engraver made of a score."""

    pages: tuple[Image, ...]
    """(height, width) uint8, 0 = ink."""
    line_starts: tuple[int, ...]
    """0-based bars at which a line begins, the first left out."""
    page_starts: tuple[int, ...] = ()
    """Of these, the bars at which a page begins, where the engraver tells."""


def lilypond(root: etree._Element, resolution: int = RESOLUTION) -> Engraving:
    """`root` engraved by LilyPond; raises EngravingError when its notes are not those of `root`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.musicxml").write_bytes(etree.tostring(_for_musicxml2ly(root)))
        _call(["musicxml2ly", "-o", "page.ly", "page.musicxml"], folder)
        return lilypond_source((folder / "page.ly").read_text(encoding="utf-8"), root, resolution)


def lilypond_source(source: str, root: etree._Element, resolution: int = RESOLUTION) -> Engraving:
    """LilyPond's own `source` of `root` engraved; raises EngravingError when its notes are not those of `root`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.ly").write_text(REPORT.read_text(encoding="utf-8") + source, encoding="utf-8")
        log = _call(["lilypond", f"-dresolution={resolution}", "--png", "-o", "page", "page.ly"], folder)
        _compare("LilyPond", _timeline(root), _reported_notes(log))
        return Engraving(pages=_pages(folder), line_starts=_reported_lines(log, root))


def lilypond_svg(root: etree._Element, grobs: Sequence[str]) -> bytes:
    """`root` drawn by LilyPond on one page, the names of `grobs` as classes around their ink; raises EngravingError."""
    marks = "".join(f'\\override {grob}.output-attributes = #\'((class . "{grob}"))\n' for grob in grobs)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.musicxml").write_bytes(etree.tostring(_for_musicxml2ly(root)))
        _call(["musicxml2ly", "-o", "page.ly", "page.musicxml"], folder)
        source = (folder / "page.ly").read_text(encoding="utf-8")
        head = f'\\version "2.24.0"\n\\layout {{ \\context {{ \\Score\n{marks}}} }}\n'
        (folder / "page.ly").write_text(head + source, encoding="utf-8")
        _call(["lilypond", "-dbackend=svg", "-dno-point-and-click", "-o", "page", "page.ly"], folder)
        pages = sorted(folder.glob("*.svg"))
        if len(pages) != 1:
            raise EngravingError(f"LilyPond took {len(pages)} pages instead of one")
        return pages[0].read_bytes()


def musescore(root: etree._Element, resolution: int = RESOLUTION) -> Engraving:
    """`root` engraved by MuseScore 3; raises EngravingError when its notes are not those of `root`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in.musicxml").write_bytes(etree.tostring(root))
        _call(["mscore3", "-r", str(resolution), "-o", "page.png", "in.musicxml"], folder)
        _call(["mscore3", "-o", "back.musicxml", "in.musicxml"], folder)
        back = (folder / "back.musicxml").read_bytes()
        _compare_bars(read_bars(etree.tostring(root)), read_bars(back))
        lines = tuple(accumulate(system.bars for system in read_systems(back)))[:-1]
        return Engraving(pages=_pages(folder), line_starts=lines, page_starts=_page_starts(back))


def _call(command: list[str], folder: Path) -> str:
    """Standard error of a command run in `folder`; raises EngravingError when it fails."""
    try:
        return programs.run(command, folder, patience=PATIENCE)
    except programs.ProgramError as error:
        raise EngravingError(str(error)) from error


def _for_musicxml2ly(root: etree._Element) -> etree._Element:
    """A copy without what makes musicxml2ly fail or write wrong LilyPond: layout, free dynamics, named verses."""
    copy = etree.fromstring(etree.tostring(root))
    for path in (".//defaults", ".//other-dynamics", ".//harmony", ".//print"):
        for element in copy.findall(path):
            _remove(element)
    for lyric in copy.iter("lyric"):
        if not lyric.get("number", "1").isdigit():
            lyric.set("number", "1")
    return copy


def _remove(element: etree._Element) -> None:
    """Take an element out, and what is empty or meaningless without it."""
    parent = element.getparent()
    if parent is None:
        return
    parent.remove(element)
    emptied = len(parent) == 0 and parent.tag in ("dynamics", "direction-type", "notations")
    if emptied or (parent.tag == "direction" and parent.find("direction-type") is None):
        _remove(parent)


def _reported_notes(log: str) -> Counter[BarNote]:
    found = re.findall(rf"engraved note ({RATIO}) (-?\d+) ({RATIO})", log)
    return Counter(BarNote(Fraction(now) * WHOLE, int(pitch), Fraction(length) * WHOLE) for now, pitch, length in found)


def _reported_lines(log: str, root: etree._Element) -> tuple[int, ...]:
    """The bars at which LilyPond began a line."""
    starts = {start: index for index, start in enumerate(_bar_starts(root))}
    moments = {Fraction(moment) * WHOLE for moment in re.findall(rf"engraved line ({RATIO})", log)}
    if not moments <= starts.keys():
        raise EngravingError("LilyPond begins a line inside a bar")
    return tuple(sorted(starts[moment] for moment in moments))


def _timeline(root: etree._Element) -> Counter[BarNote]:
    """The notes of a score with onsets from its beginning."""
    bars = zip(_bar_starts(root), read_bars(etree.tostring(root)), strict=True)
    return Counter(note._replace(onset=start + note.onset) for start, bar in bars for note in bar)


def _bar_starts(root: etree._Element) -> tuple[Fraction, ...]:
    """Where each bar begins, in quarter notes."""
    return (Fraction(0), *accumulate(_bar_lengths(root)))[:-1]


def _bar_lengths(root: etree._Element) -> tuple[Fraction, ...]:
    """The furthest that any part gets in each bar, in quarter notes."""
    lengths: list[Fraction] = []
    for part in root.findall("part"):
        divisions = 1
        for index, measure in enumerate(part.findall("measure")):
            divisions = int(measure.findtext("attributes/divisions") or divisions)
            reached = Fraction(_reach(measure), divisions)
            lengths[index:] = [max([reached, *lengths[index : index + 1]]), *lengths[index + 1 :]]
    return tuple(lengths)


def _reach(measure: etree._Element) -> int:
    """The furthest position of a bar, in divisions."""
    now = furthest = 0
    for element in measure:
        step = int(element.findtext("duration") or 0)
        if element.tag == "backup":
            now -= step
        elif element.tag == "forward" or (element.tag == "note" and element.find("chord") is None):
            now += step
        furthest = max(furthest, now)
    return furthest


def _compare(engraver: str, wanted: Counter[BarNote], engraved: Counter[BarNote]) -> None:
    if wanted != engraved:
        lost, added = (wanted - engraved).total(), (engraved - wanted).total()
        raise EngravingError(f"{engraver} engraves other notes: {lost} lost, {added} added of {wanted.total()}")


def _compare_bars(wanted: Sequence[Bar], engraved: Sequence[Bar]) -> None:
    """Bar by bar, because MuseScore writes the notes of five and of seven in rounded times."""
    different = sum(not _alike(one, other) for one, other in zip_longest(wanted, engraved, fillvalue=()))
    if different:
        raise EngravingError(f"MuseScore engraves other notes: {different} of {len(wanted)} bars differ")


def _alike(wanted: Bar, engraved: Bar) -> bool:
    one, other = (sorted(bar, key=lambda note: (note.pitch, note.onset, note.duration)) for bar in (wanted, engraved))
    return len(one) == len(other) and all(
        a.pitch == b.pitch and abs(a.onset - b.onset) <= ROUNDING and abs(a.duration - b.duration) <= ROUNDING
        for a, b in zip(one, other)
    )


def _page_starts(musicxml: bytes) -> tuple[int, ...]:
    part = etree.fromstring(musicxml).find("part")
    measures = [] if part is None else part.findall("measure")
    return tuple(index for index, bar in enumerate(measures) if bar.find("print[@new-page='yes']") is not None)


def _pages(folder: Path) -> tuple[Image, ...]:
    """The PNG files of a folder in the order of their page numbers, on white."""
    files = sorted(folder.glob("*.png"), key=lambda path: [int(text) for text in re.findall(r"\d+", path.stem)])
    return tuple(_on_white(path) for path in files)


def _on_white(path: Path) -> Image:
    pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        raise EngravingError(f"{path.name} is not a picture")
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        cover = pixels[:, :, 3:].astype(np.float32) / 255
        pixels = (pixels[:, :, :3] * cover + 255 * (1 - cover)).round().astype(np.uint8)
    return pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
