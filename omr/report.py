"""What became of each input, for people (one line) and for programs (JSON, CSV)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from omr import __version__
from omr.batch.outcome import Outcome

CARD_FIELDS: Final = ("name", "version", "sha256")
COLUMNS: Final = (
    "file", "page", "outcome", "code", "staves", "systems", "symbols", "bars", "flagged", "issues", "seconds",
    "seconds_by_stage", "outputs", "messages", "models", "precision",
)  # fmt: skip
"""Of the CSV report: one row for each file (page empty) and one for each of its pages."""


def summary(outcome: Outcome) -> str:
    """One line about an input."""
    if outcome.skipped:
        return f"{outcome.source}: skipped, the output is there already"
    if not outcome.row:
        return f"{outcome.source}: failed"
    pages = _pages(outcome)
    read = sum(page["outcome"] == "ok" for page in pages)
    text = (
        f"{outcome.source}: {_count(read, 'page')}, {_count(outcome.number('staves'), 'staff', 'staves')}, "
        f"{_count(outcome.number('bars'), 'bar')}, {outcome.flagged} to check, {outcome.seconds:.1f} s"
    )
    blank = [str(page["page"]) for page in pages if page["outcome"] == "no staves"]
    return text + (f"; without staves: page {', '.join(blank)}" if blank else "")


def json_report(outcomes: Sequence[Outcome], cards: Sequence[Mapping[str, object]], precision: str | None) -> bytes:
    """The whole run as indented JSON; `cards` of the models used."""
    report = {
        "scorewright": __version__,
        "models": list(cards),
        "precision": precision,
        "files": [report_row(outcome) for outcome in outcomes],
    }
    return (json.dumps(report, indent=1, ensure_ascii=False) + "\n").encode(errors="surrogateescape")


def csv_report(outcomes: Sequence[Outcome], cards: Sequence[Mapping[str, object]], precision: str | None) -> bytes:
    """The whole run as CSV with a head line, COLUMNS in order; lists and tables are JSON within a cell."""
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS, restval="", extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    models = " ".join(f"{card['name']}-{card['version']}" for card in cards)
    for outcome in outcomes:
        row = report_row(outcome)
        table.writerow(
            {name: _cell(value) for name, value in (row | {"models": models, "precision": precision}).items()}
        )
        for page in _pages(outcome):
            table.writerow({"file": outcome.source, **{name: _cell(value) for name, value in page.items()}})
    return written.getvalue().encode(errors="surrogateescape")


def report_row(outcome: Outcome) -> dict[str, object]:
    """What the report says about one input, ready for JSON."""
    return {
        "file": outcome.source,
        "outcome": outcome.status,
        "code": int(outcome.code),
        "messages": list(outcome.messages),
        "outputs": [str(path) for path in outcome.outputs],
        "seconds": round(outcome.seconds, 3),
        **outcome.row,
    }


def _pages(outcome: Outcome) -> list[Mapping[str, object]]:
    pages = outcome.row.get("pages", [])
    return list(pages) if isinstance(pages, list) else []


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def progress_fields(outcome: Outcome) -> Iterator[tuple[str, object]]:
    """What one line of a JSON log says about an input."""
    row = report_row(outcome)
    for name in ("file", "outcome", "code", "outputs", "messages", "staves", "bars", "flagged", "seconds"):
        if name in row:
            yield name, row[name]
    yield "pages", len(_pages(outcome))


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
