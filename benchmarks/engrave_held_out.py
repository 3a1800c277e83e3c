"""Pages of works that no model has seen, by engravers that no model has seen: `python -m benchmarks.engrave_held_out`.

Each page comes with the MusicXML it was engraved from, whole and nothing else, with the engraver's own line breaks marked.
Half of the pages look scanned. Pages are kept in a cache folder named after the list, so a second run is quick.
"""

from __future__ import annotations

import argparse
import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from benchmarks.data_folder import cache_folder, scores_folder
from benchmarks.engravers import REPORT, Engraving, EngravingError, lilypond, musescore
from benchmarks.excerpts import LIST, Engraver, Excerpt, excerpts, read_excerpt
from benchmarks.png import png
from benchmarks.scan import scanned
from omr.atomic import write_all

ENGRAVERS: tuple[Engraver, ...] = ("lilypond", "musescore")
EDITION = "1"
"""Change it when the making of the pages changes, so that no page of an older making is used."""


def main() -> None:
    """Make all pages; the last lines are the folders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scores", type=Path, default=scores_folder(), help="folder of the score archives")
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="folder the pages are kept in")
    arguments = parser.parse_args()
    for engraver in ENGRAVERS:
        made = held_out_pages(engraver, scores=arguments.scores, cache=arguments.cache)
        print(*made.failures, made.folder, sep="\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Pages of one engraver: NAME.png and NAME.musicxml in a folder."""

    folder: Path
    failures: tuple[str, ...]
    """What could not be made, and why."""


def held_out_pages(engraver: Engraver, *, scores: Path, cache: Path, limit: int | None = None) -> HeldOut:
    """The pages of the first `limit` excerpts of an engraver, made where they are missing.

    A page is not made when the engraver is missing, or engraves anything but the excerpt's notes on one page.
    """
    folder = cache / f"held-out-{_digest()}" / engraver
    folder.mkdir(parents=True, exist_ok=True)
    failures = []
    for excerpt in chosen(engraver, limit):
        if not (folder / f"{excerpt.name}.musicxml").exists():
            try:
                _make(excerpt, scores, folder)
            except EngravingError as error:
                failures.append(f"{excerpt.name}: {error}")
    return HeldOut(folder=folder, failures=tuple(failures))


def chosen(engraver: Engraver, limit: int | None, path: Path = LIST) -> tuple[Excerpt, ...]:
    """The first `limit` excerpts of an engraver (None: all), one kind after the other so that few show many kinds."""
    mine = [one for one in excerpts(path) if one.engraver == engraver]
    ranks = {one: [other for other in mine if other.kind == one.kind].index(one) for one in mine}
    return tuple(sorted(mine, key=lambda one: (ranks[one], one.name))[:limit])


def _digest() -> str:
    parts = (EDITION.encode(), LIST.read_bytes(), REPORT.read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def _make(excerpt: Excerpt, scores: Path, folder: Path) -> None:
    root = read_excerpt(excerpt, scores)
    engraving = engraved(root, excerpt.engraver)
    if len(engraving.pages) != 1:
        raise EngravingError(f"{excerpt.name} takes {len(engraving.pages)} pages; run benchmarks.choose_held_out")
    page = engraving.pages[0]
    seed = zlib.crc32(excerpt.name.encode())
    picture = png(scanned(page, seed) if excerpt.degraded else page)
    mark_lines(root, engraving.line_starts)
    truth = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    write_all([(folder / f"{excerpt.name}.png", picture), (folder / f"{excerpt.name}.musicxml", truth)])


def engraved(root: etree._Element, engraver: Engraver) -> Engraving:
    """`root` by the engraver of that name."""
    return lilypond(root) if engraver == "lilypond" else musescore(root)


def mark_lines(root: etree._Element, starts: Sequence[int]) -> None:
    """Mark in `root` that a line begins at each of the bars `starts` (0 = first) and at no other."""
    for mark in list(root.iter("print")):
        for name in ("new-system", "new-page"):
            mark.attrib.pop(name, None)
    for part in root.findall("part"):
        measures = part.findall("measure")
        for index in starts:
            mark = measures[index].find("print")
            if mark is None:
                mark = etree.Element("print")
                measures[index].insert(0, mark)
            mark.set("new-system", "yes")


if __name__ == "__main__":
    main()
