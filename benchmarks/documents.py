"""How well the pages of a document are put together: `python -m benchmarks.documents [--documents N]`, only reading is judged.

Works of the test split are engraved by verovio with empty staves hidden; symbols, relations and staves come from the engraving.
So that staves vanish and return, some parts are silenced for a stretch of bars, and to some works another of the same parts
is added as a second movement. Each staff of each system is then to be found in its own part. Ends with one JSON line.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lxml import etree

from benchmarks.data_folder import scores_folder
from benchmarks.perfect_graphs import visible
from datasets.synthetic import engrave
from datasets.synthetic.layout import FACES, PAGE_WIDTH, Options
from datasets.synthetic.relate import relate
from datasets.synthetic.relate_staves import staves_of
from datasets.synthetic.slice import cut, measure_count
from datasets.synthetic.sources import Source, find_sources, load_musicxml, read_source
from omr.files.musicxml import to_musicxml
from omr.metrics.alignment import align
from omr.metrics.notes import NoteCounts, read_bars, score_notes
from omr.metrics.written import WrittenCounts, score_written
from omr.reading import ReadPage, read_score
from omr.reading.document import read_document

SEED: Final = 41
DOCUMENTS: Final = 24
BARS: Final = 40  # of each work
SILENCES: Final = 3
SILENT_BARS: Final = (8, 20)
SECOND: Final = 0.4  # share of documents with a second movement
LAYOUT: Final[Options] = {
    "font": "Leipzig", "unit": 9, "pageWidth": PAGE_WIDTH, "pageHeight": 2970, "breaks": "auto", "header": "none",
    "footer": "none", "condense": "encoded", "condenseFirstPage": True,
}  # fmt: skip
SPACE: Final = 16.0  # pixels a staff space


@dataclass(frozen=True, slots=True)
class Made:
    """A document: its pages, the truth of its music, and of each system the number of each staff (1 = top)."""

    pages: tuple[ReadPage, ...]
    musicxml: bytes
    staves: tuple[tuple[int, ...], ...]
    starts: frozenset[int]
    """Systems with which a second movement begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFigures:
    """Counts over documents."""

    documents: int = 0
    whole: int = 0
    """Documents whose every staff is in its part."""
    staves: int = 0
    staves_matched: int = 0
    hidden: int = 0
    """Staves that systems do not show."""
    movements: int = 0
    movements_found: int = 0
    movements_added: int = 0
    notes: NoteCounts = field(default_factory=NoteCounts)
    written: WrittenCounts = field(default_factory=WrittenCounts)

    def shown(self) -> dict[str, object]:
        return {
            "documents": self.documents,
            "documents_whole": self.whole,
            "staves": self.staves,
            "staves_hidden": self.hidden,
            "staves_matched": round(self.staves_matched / max(1, self.staves), 4),
            "movements": [self.movements, self.movements_found, self.movements_added],
            "measures": self.notes.truth_bars,
            "exact_measures": round(self.notes.exact_share, 4),
            **{name: round(value, 4) for name, value in self.written.figures().items()},
        }


def main() -> None:
    """Read, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scores", type=Path, default=scores_folder())
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    options = parser.parse_args()
    print(json.dumps(document_figures(options.scores, options.documents).shown()))


def document_figures(scores: Path, count: int) -> DocumentFigures:
    """The figures of `count` documents made of the test works below `scores`; raises SourceError when there is none."""
    every = find_sources(scores)
    sources = [source for source in every if source.split == "test" and source.format == "musicxml"]
    figures = DocumentFigures()
    for made in _documents(sources, count):
        figures = _judged(figures, made)
    return figures


def _documents(sources: Sequence[Source], count: int) -> Iterator[Made]:
    chance = random.Random(SEED)
    kinds = sorted({source.kind for source in sources})
    made = 0
    while made < count:
        own = [source for source in sources if source.kind == chance.choice(kinds)]
        first, second = chance.choice(own), chance.choice(own)
        roots = [_prepared(first, chance)]
        if chance.random() < SECOND and first.id != second.id:
            roots.append(_prepared(second, chance))
        if len(roots) == 1 or _parts(roots[0]) == _parts(roots[1]):
            yield _engraved(roots)
            made += 1


def _parts(root: etree._Element) -> list[int]:
    """Staves of each part."""
    return [int(part.findtext("measure/attributes/staves") or 1) for part in root.findall("part")]


def _prepared(source: Source, chance: random.Random) -> etree._Element:
    """The beginning of a work with some parts silenced, its line breaks forgotten."""
    root = load_musicxml(read_source(source))
    root = cut(root, 0, min(BARS, measure_count(root)), drop_breaks=True)
    parts = root.findall("part")
    kept = chance.randrange(len(parts))
    for _ in range(SILENCES):
        part = parts[chance.choice([k for k in range(len(parts)) if k != kept] or [kept])]
        start, length = chance.randrange(1, BARS), chance.randint(*SILENT_BARS)
        if len(parts) > 1:
            silence(part, start, start + length)
    for part in parts:
        _end(part)
    return cut(root, 0, measure_count(root))


def _end(part: etree._Element) -> None:
    """A final barline after the last bar, wherever the work was cut."""
    last = part.findall("measure")[-1]
    for line in last.findall("barline[@location='right']"):
        last.remove(line)
    last.append(etree.fromstring("<barline location='right'><bar-style>light-heavy</bar-style></barline>"))


def silence(part: etree._Element, first: int, last: int) -> None:
    """Whole-bar rests instead of the music of bars first <= index < last of a part."""
    divisions, beats, staves = 1, 4.0, 1
    for index, measure in enumerate(part.findall("measure")):
        divisions = int(measure.findtext("attributes/divisions") or divisions)
        staves = int(measure.findtext("attributes/staves") or staves)
        if measure.find("attributes/time") is not None:
            text = measure.findtext("attributes/time/beats", "4"), measure.findtext("attributes/time/beat-type", "4")
            beats = sum(map(int, text[0].split("+"))) * 4 / int(text[1])
        if not first <= index < last or measure.get("implicit") == "yes":
            continue
        for element in list(measure):
            if element.tag in ("note", "backup", "forward", "direction", "harmony", "figured-bass"):
                measure.remove(element)
        place = next((k for k, element in enumerate(measure) if element.get("location") == "right"), len(measure))
        length = str(round(beats * divisions))
        for staff in range(staves, 0, -1):
            rest = etree.fromstring(
                f"<note><rest measure='yes'/><duration>{length}</duration><voice>{4 * staff - 3}</voice>"
                f"{f'<staff>{staff}</staff>' if staves > 1 else ''}</note>"
            )
            measure.insert(place, rest)
            if staff > 1:
                measure.insert(place, etree.fromstring(f"<backup><duration>{length}</duration></backup>"))


def _engraved(roots: Sequence[etree._Element]) -> Made:
    pages: list[ReadPage] = []
    staves: list[tuple[int, ...]] = []
    starts = set()
    for root in roots:
        if staves:
            starts.add(len(staves))
        for page in _pages(root):
            related = relate(page.scene)
            pages.append(ReadPage(related.graph, related.staves))
            systems: dict[int, list[int]] = {}
            numbers = {staff.index: number for (_, number), staff in staves_of(page.scene).items()}
            for staff in related.staves:
                systems.setdefault(staff.system, []).append(numbers[staff.index])
            staves.extend(tuple(systems[system]) for system in sorted(systems))
    shown = {number for system in staves for number in system}
    truth = visible(etree.tostring(_printed(_joined(roots), shown)))
    return Made(tuple(pages), truth, tuple(staves), frozenset(starts))


def _printed(root: etree._Element, shown: set[int]) -> etree._Element:
    """`root` without the parts of which no staff is shown."""
    first = 1
    for part, staves in zip(root.findall("part"), _parts(root), strict=True):
        if not shown & set(range(first, first + staves)):
            root.remove(part)
        first += staves
    return root


def _pages(root: etree._Element) -> Iterator[engrave.EngravedPage]:
    """Every page, empty staves left out: verovio does that where its own format asks for it."""
    engrave.load(etree.tostring(root, encoding="unicode"), {**LAYOUT, "breaks": "none"})
    encoded = engrave.mei().replace("<scoreDef", '<scoreDef optimize="true"', 1)
    count = engrave.load(encoded, LAYOUT)
    return engrave.pages(tuple(range(1, count + 1)), LAYOUT, staff_space=SPACE, face=FACES[0])


def _joined(roots: Sequence[etree._Element]) -> etree._Element:
    """One score of the bars of all."""
    whole = copy.deepcopy(roots[0])
    for root in roots[1:]:
        for part, more in zip(whole.findall("part"), root.findall("part"), strict=True):
            part.extend(copy.deepcopy(list(more)))
    return whole


def _judged(figures: DocumentFigures, made: Made) -> DocumentFigures:
    document = read_document(made.pages)
    numbers = sorted({number for system in made.staves for number in system})
    shown = [[0] * len(document.rows) for _ in numbers]
    for place, system in enumerate(made.staves):
        for staff, rows in enumerate(document.rows):
            row = rows[place]
            if row is not None and row < len(system):
                shown[numbers.index(system[row])][staff] += 1
    matched = sum(shown[number][staff] for number, staff in align(shown, len(document.rows)))
    staves = sum(map(len, made.staves))
    found = to_musicxml(read_score(made.pages))
    return DocumentFigures(
        documents=figures.documents + 1,
        whole=figures.whole + (matched == staves and len(document.rows) == len(numbers)),
        staves=figures.staves + staves,
        staves_matched=figures.staves_matched + matched,
        hidden=figures.hidden + len(numbers) * len(made.staves) - staves,
        movements=figures.movements + len(made.starts),
        movements_found=figures.movements_found + len(made.starts & document.starts),
        movements_added=figures.movements_added + len(document.starts - made.starts),
        notes=figures.notes + score_notes(read_bars(made.musicxml), read_bars(found)),
        written=figures.written + score_written(made.musicxml, found),
    )


if __name__ == "__main__":
    main()
