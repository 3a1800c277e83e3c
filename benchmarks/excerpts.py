"""Excerpts of works that judge the program: some bars of a score of the test split, all its parts or one of them.

The list in held_out/excerpts.toml names them; that in held_out/symbols.toml names more, which judge how symbols are found and
nothing else. The scores themselves are read from the archives.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from lxml import etree

from datasets.split import split_of
from datasets.synthetic.slice import cut, measure_count
from datasets.synthetic.sources import Source, find_sources, load_musicxml, read_source

Engraver = Literal["lilypond", "musescore"]
LIST = Path(__file__).parent / "held_out" / "excerpts.toml"
SYMBOLS = Path(__file__).parent / "held_out" / "symbols.toml"


class ExcerptError(Exception):
    """An excerpt that is not there, or that must not or cannot judge; says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Bars first <= index < first + bars of a score."""

    name: str
    engraver: Engraver
    kind: str
    """song, quartet, piano or solo."""
    source: str
    """Id as in datasets.synthetic.sources."""
    first: int
    bars: int
    part: int | None = None
    """0-based part that is engraved alone; None: all parts."""
    degraded: bool = False
    """Whether the page looks scanned."""


def excerpts(path: Path = LIST) -> tuple[Excerpt, ...]:
    """The list, in its order; raises ExcerptError for a name given twice."""
    found = tuple(Excerpt(**row) for row in tomllib.loads(path.read_text(encoding="utf-8"))["excerpt"])
    if len({one.name for one in found}) != len(found):
        raise ExcerptError(f"{path.name} gives a name twice")
    return found


def read_excerpt(excerpt: Excerpt, scores: Path) -> etree._Element:
    """The <score-partwise> of an excerpt, without page and line breaks; `scores` is the folder of the archives."""
    source = _sources(scores).get(excerpt.source)
    if source is None:
        raise ExcerptError(f"{scores} holds no {excerpt.source}")
    if split_of(source.work) != "test":
        raise ExcerptError(f"{excerpt.source} may have been learned from")
    root = take(whole_score(source), first=excerpt.first, bars=excerpt.bars, part=excerpt.part)
    return without_leading_graces(root) if excerpt.engraver == "lilypond" else root


def without_leading_graces(root: etree._Element) -> etree._Element:
    """`root` without grace notes before the first beat: LilyPond sets such a bar's line twice when one staff has none."""
    for measure in root.iter("measure"):
        for note in list(measure.findall("note")):
            if note.find("grace") is None:
                break
            measure.remove(note)
    return cut(root, 0, measure_count(root), drop_breaks=True)  # takes away the slurs that led from them


def take(root: etree._Element, *, first: int, bars: int, part: int | None) -> etree._Element:
    """A new score with the given bars of all parts, or of one."""
    excerpt = cut(root, first, first + bars, drop_breaks=True)
    return excerpt if part is None else _alone(excerpt, part)


def _alone(root: etree._Element, index: int) -> etree._Element:
    parts = root.findall("part")
    keep = parts[index].get("id")
    for part in parts:
        if part.get("id") != keep:
            root.remove(part)
    names = root.find("part-list")
    for entry in [] if names is None else list(names):
        if entry.get("id") != keep:
            names.remove(entry)
    return root


def is_plain(root: etree._Element) -> bool:
    """Whether all notes are printed in full size: hidden notes and cues are no test of reading."""
    hidden = any(note.get("print-object") == "no" and note.find("pitch") is not None for note in root.iter("note"))
    return not hidden and next(root.iter("cue"), None) is None


@cache
def _sources(scores: Path) -> dict[str, Source]:
    return {source.id: source for source in find_sources(scores)}


@cache
def whole_score(source: Source) -> etree._Element:
    """A score as MusicXML, kern converted by converter21."""
    data = read_source(source)
    return load_musicxml(data) if source.format == "musicxml" else _without_wandering(load_musicxml(_from_kern(data)))


def _from_kern(kern: bytes) -> bytes:
    import converter21
    import music21
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    # converter21 4.0 calls this by its former name.
    music21.metadata.Metadata._convertValue = staticmethod(music21.metadata.Metadata.convertValue)
    converter21.register()
    score = music21.converter.parse(kern.decode("utf-8"), format="humdrum", forceSource=True)
    exported: bytes = GeneralObjectExporter(score).parse()
    return exported


def _without_wandering(root: etree._Element) -> etree._Element:
    """`root` without an encoder's warnings, and without the hairpins that converter21 places by moving through time alone.

    There musicxml2ly loses its way.
    """
    for direction in list(root.iter("direction")):
        if _wanders(direction) or not all(_says_something(words) for words in direction.iter("words")):
            direction.getparent().remove(direction)
    for measure in root.iter("measure"):
        _join_moves(measure)
    return root


def _wanders(direction: etree._Element) -> bool:
    after = direction.getnext()
    return direction.find("direction-type/wedge") is not None or after is None or after.tag != "note"


def _says_something(words: etree._Element) -> bool:
    """False for the signs that warn of an editor's doubt."""
    return any(sign.isalnum() for sign in words.text or "")


def _join_moves(measure: etree._Element) -> None:
    """Make one move of each run of <forward> and <backup>."""
    run: list[etree._Element] = []
    for element in [*measure, None]:
        if element is not None and element.tag in ("forward", "backup"):
            run.append(element)
            continue
        if len(run) > 1:
            _replace_moves(measure, run)
        run = []


def _replace_moves(measure: etree._Element, run: list[etree._Element]) -> None:
    step = sum(int(move.findtext("duration") or 0) * (1 if move.tag == "forward" else -1) for move in run)
    if step:
        joined = etree.Element("forward" if step > 0 else "backup")
        etree.SubElement(joined, "duration").text = str(abs(step))
        measure.insert(measure.index(run[0]), joined)
    for move in run:
        measure.remove(move)
