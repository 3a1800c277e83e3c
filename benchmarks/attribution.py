"""What is wrong with the bars that are wrong: `python -m benchmarks.attribution PAGES READ [--sheet FILE.html]`.

PAGES holds NAME.png and NAME.musicxml, READ what was read (NAME.musicxml, as show_pages leaves it). Wrong bars are counted by
kind over all pages, so that the next thing to mend is the one that costs most, never one page.
"""

from __future__ import annotations

import argparse
import html
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from omr.metrics.notes import Bar, BarNote, aligned_bars, read_bars

PITCHES = "pitches only"
LENGTHS = "durations only"
ONSETS = "onsets, with or without durations"
MISSING = "notes missing"
ADDED = "notes added"
BOTH = "several kinds"
LOST = "bar not found"
UNREAD = "page not read"
EXACT = "exact"


def main() -> None:
    """Count and print as JSON; write the sheet where one is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("read", type=Path)
    parser.add_argument("--sheet", type=Path)
    arguments = parser.parse_args()
    rows = [row for truth in sorted(arguments.pages.glob("*.musicxml")) for row in _rows(truth, arguments.read)]
    print(json.dumps({"bars": dict(Counter(kind for _, _, kind, _, _ in rows).most_common()), **confusions(rows)}))
    if arguments.sheet is not None:
        arguments.sheet.write_text(sheet(rows), encoding="utf-8")


Row = tuple[str, int, str, Bar, Bar]
"""(page, number of the bar on the page, kind of error, truth, found)."""


def _rows(truth_path: Path, read: Path) -> list[Row]:
    truth = read_bars(truth_path.read_bytes())
    path = read / truth_path.name
    if not path.exists():
        return [(truth_path.stem, number, UNREAD, bar, ()) for number, bar in enumerate(truth, 1)]
    bars = judged(truth, read_bars(path.read_bytes()))
    return [(truth_path.stem, number, kind, here, there) for number, kind, here, there in bars]


def judged(truth: Sequence[Bar], found: Sequence[Bar]) -> list[tuple[int, str, Bar, Bar]]:
    """(1-based bar, kind of error, truth, found) of every bar of the truth."""
    partner = dict(aligned_bars(truth, found))
    bars = [(index, here, found[partner[index]] if index in partner else None) for index, here in enumerate(truth)]
    return [
        (index + 1, LOST if there is None else kind_of(here, there), here, there or ()) for index, here, there in bars
    ]


def kind_of(truth: Bar, found: Bar) -> str:
    """What sets two bars apart, told by the simplest single cause that explains all of it."""
    if Counter(truth) == Counter(found):
        return EXACT
    if _bag(truth, "onset", "duration") == _bag(found, "onset", "duration"):
        return PITCHES
    if _bag(truth, "pitch", "onset") == _bag(found, "pitch", "onset"):
        return LENGTHS
    if _bag(truth, "pitch") == _bag(found, "pitch"):
        return ONSETS
    if not Counter(found) - Counter(truth):
        return MISSING
    if not Counter(truth) - Counter(found):
        return ADDED
    return BOTH


def confusions(rows: Sequence[Row], *, most: int = 12) -> dict[str, dict[str, int]]:
    """The most frequent wrong durations of notes otherwise right, and wrong pitches (in semitones) of notes otherwise right."""
    lengths: Counter[str] = Counter()
    intervals: Counter[str] = Counter()
    for _, _, _, truth, found in rows:
        missing, extra = Counter(truth) - Counter(found), Counter(found) - Counter(truth)
        for here, there in _partners(missing, extra, "onset", "pitch"):
            lengths[f"{here.duration} read as {there.duration}"] += 1
        for here, there in _partners(missing, extra, "onset", "duration"):
            intervals[f"{there.pitch - here.pitch:+d}"] += 1
    return {"durations": dict(lengths.most_common(most)), "pitches": dict(intervals.most_common(most))}


def _partners(missing: Counter[BarNote], extra: Counter[BarNote], *fields: str) -> list[tuple[BarNote, BarNote]]:
    """Notes lost and notes added that agree in `fields`, each used once, in order of pitch."""
    waiting: dict[tuple[object, ...], list[BarNote]] = {}
    for note in sorted(extra.elements(), reverse=True):
        waiting.setdefault(tuple(getattr(note, field) for field in fields), []).append(note)
    keyed = (
        (note, waiting.get(tuple(getattr(note, field) for field in fields))) for note in sorted(missing.elements())
    )
    return [(note, found.pop()) for note, found in keyed if found]


def _bag(bar: Bar, *fields: str) -> Counter[tuple[object, ...]]:
    return Counter(tuple(getattr(note, field) for field in fields) for note in bar)


def sheet(rows: Sequence[Row]) -> str:
    """An HTML page of the bars that are not exact, by kind: what is missing and what is too much."""
    wrong = sorted((row for row in rows if row[2] != EXACT), key=lambda row: (row[2], row[0], row[1]))
    cells = "".join(
        f"<tr><td>{kind}<td>{html.escape(page)}<td>{number}<td>{_notes(here, there)}<td>{_notes(there, here)}\n"
        for page, number, kind, here, there in wrong
    )
    head = "<tr><th>kind<th>page<th>bar<th>in the truth only<th>read only\n"
    return (
        f"<!doctype html><meta charset='utf-8'><title>Bars read wrong</title><table border='1'>{head}{cells}</table>\n"
    )


def _notes(these: Bar, others: Bar) -> str:
    rest = sorted((Counter(these) - Counter(others)).elements())
    return " ".join(f"{note.onset}:{note.pitch}/{note.duration}" for note in rest)


if __name__ == "__main__":
    main()
