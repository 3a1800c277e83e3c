"""Writes a list of held-out excerpts: `python -m benchmarks.choose_held_out [--kind KIND ...] [--symbols]`.

Works are taken in the order of a hash of their names, never by how well they are read. An excerpt is kept when it fills
just one page, shows all its notes, and the engraver engraves the notes of the file.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from benchmarks.data_folder import scores_folder
from benchmarks.engravers import Engraving, EngravingError, lilypond, musescore
from benchmarks.excerpts import (
    LIST,
    SYMBOLS,
    Engraver,
    Excerpt,
    excerpts,
    is_plain,
    take,
    whole_score,
    without_leading_graces,
)
from datasets.split import plain
from datasets.synthetic.slice import measure_count
from datasets.synthetic.sources import Source, find_sources
from omr.atomic import write_all

ENGRAVE: dict[Engraver, Callable[[etree._Element, int], Engraving]] = {"lilypond": lilypond, "musescore": musescore}
WANTED = {"song": 5, "quartet": 2, "piano": 4, "solo": 3}
MORE = 2
"""Times as many of LilyPond's for the list of symbols: no work of the other list, the next in the same order."""
LONGEST = {"song": 14, "quartet": 20, "piano": 32, "solo": 44}
SHRINK = 1.5
"""Twice too long: three quarters; three times: half."""
SHORTEST = 6
COARSE = 72  # dots an inch: only the number of pages is looked at
PIANO = re.compile(r"chopin-first-editions/0(07|28|42)")
"""Piano works among the test works whose staves the encoding joins to one part."""


def main() -> None:
    """Choose and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scores", type=Path, default=scores_folder())
    parser.add_argument("--kind", action="append", choices=WANTED, help="choose these anew and keep the others")
    parser.add_argument("--symbols", action="store_true", help="write the list that judges how symbols are found")
    arguments = parser.parse_args()
    path = SYMBOLS if arguments.symbols else LIST
    wanted: dict[Engraver, int] = {"lilypond": MORE} if arguments.symbols else dict.fromkeys(ENGRAVE, 1)
    sources = [source for source in find_sources(arguments.scores) if source.split == "test"]
    kinds = arguments.kind or list(WANTED)
    others = {one.source for one in excerpts()} if arguments.symbols else set()
    chosen = [one for one in excerpts(path) if one.kind not in kinds] if path.exists() else []
    for kind in kinds:
        candidates = iter(sorted((one for one in sources if _suits(one, kind)), key=lambda one: _hash(one.id)))
        for engraver, times in wanted.items():
            used = others | {one.source for one in chosen}
            chosen += list(_choose(candidates, engraver, kind, times * WANTED[kind], used))
    _write(sorted(chosen, key=lambda one: (one.engraver, one.kind, one.name)), path)


def _suits(source: Source, kind: str) -> bool:
    if kind == "piano":
        return PIANO.search(source.id) is not None
    return source.format == "musicxml" and source.kind == {"solo": "song"}.get(kind, kind)


def _hash(text: str) -> int:
    return int(hashlib.sha256(text.encode("utf-8")).hexdigest()[:8], 16)


def _choose(
    candidates: Iterator[Source], engraver: Engraver, kind: str, count: int, used: set[str]
) -> Iterator[Excerpt]:
    for source in candidates:
        if source.id in used:
            continue
        found = _fitting(source, engraver, kind)
        if found is None:
            continue
        first, bars = found
        print(engraver, kind, source.id, first, bars, flush=True)
        count -= 1
        yield Excerpt(
            name=f"{engraver}-{kind}-{plain(source.composer + ' ' + source.title).replace(' ', '-')[:40]}",
            engraver=engraver, kind=kind, source=source.id, first=first, bars=bars,
            part=0 if kind == "solo" else None, degraded=count % 2 == 0,
        )  # fmt: skip
        if count == 0:
            return


def _fitting(source: Source, engraver: Engraver, kind: str) -> tuple[int, int] | None:
    """(first, bars) of an excerpt of `source` that fills one page, None when there is none."""
    root = whole_score(source)
    length = measure_count(root)
    first = 0 if _hash(source.title) % 2 else min(length // 3, 40)
    bars = min(LONGEST[kind], length - first)
    while bars >= SHORTEST:
        excerpt = take(root, first=first, bars=bars, part=0 if kind == "solo" else None)
        excerpt = without_leading_graces(excerpt) if engraver == "lilypond" else excerpt
        if not is_plain(excerpt):
            return None
        try:
            engraving = ENGRAVE[engraver](excerpt, COARSE)
        except EngravingError as error:
            print("  not", source.id, error, flush=True)
            return None
        if len(engraving.pages) == 1:
            return first, bars
        bars = engraving.page_starts[0] if engraving.page_starts else int(bars * SHRINK / len(engraving.pages))
    return None


def _write(chosen: list[Excerpt], path: Path) -> None:
    head = "# Written by benchmarks/choose_held_out.py; works of the test split only.\n\n"
    write_all([(path, (head + "\n".join(_row(one) for one in chosen)).encode("utf-8"))])


def _row(excerpt: Excerpt) -> str:
    lines = ["[[excerpt]]"]
    for key in ("name", "engraver", "kind", "source"):
        lines.append(f'{key} = "{getattr(excerpt, key)}"')
    lines += [f"first = {excerpt.first}", f"bars = {excerpt.bars}"]
    lines += [] if excerpt.part is None else [f"part = {excerpt.part}"]
    return "\n".join([*lines, f"degraded = {str(excerpt.degraded).lower()}", ""])


if __name__ == "__main__":
    main()
