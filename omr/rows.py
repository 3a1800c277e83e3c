"""What the report says about a recognised document and its issues, as plain values ready for JSON."""

from __future__ import annotations

from collections import Counter

from omr.check import bars_to_check, harm
from omr.pipeline import Recognition
from omr.score import Issue, Score


def issue_row(issue: Issue, score: Score) -> dict[str, object]:
    """What the report says about one issue of `score`."""
    part = next((part for part in score.parts if part.id == issue.part), None)
    measures = part.measures if part else score.parts[0].measures if score.parts else ()
    known = issue.measure is not None and 0 <= issue.measure < len(measures)
    return {
        "part": (part.name or part.id) if part else issue.part,
        "bar": measures[issue.measure].number if known and issue.measure is not None else None,
        "code": issue.code,
        "severity": issue.severity,
        "message": issue.message,
        "harm": round(harm(issue), 3),
    }


def recognition_row(recognition: Recognition) -> dict[str, object]:
    """Pages, bars, issues by kind and ranked, seconds by stage."""
    score = recognition.score
    read = [_page_row(recognition, position) for position in range(len(recognition.pages))]
    skipped = [{"page": index + 1, "outcome": "no staves"} for index in recognition.skipped]
    return {
        "pages": sorted([*read, *skipped], key=lambda row: str(row["page"]).zfill(9)),
        "staves": sum(len(page.staves) for page in recognition.pages),
        "parts": len(score.parts),
        "bars": len(score.parts[0].measures) if score.parts else 0,
        "flagged": len(bars_to_check(score.issues)),
        "issues": dict(sorted(Counter(issue.code for issue in score.issues).items())),
        "ranked_issues": [issue_row(issue, score) for issue in score.issues],
        "seconds_by_stage": {stage: round(seconds, 3) for stage, seconds in _stage_seconds(recognition)},
    }


def _page_row(recognition: Recognition, position: int) -> dict[str, object]:
    page = recognition.pages[position]
    measures = recognition.score.parts[0].measures if recognition.score.parts else ()
    return {
        "page": page.index + 1,
        "outcome": "ok",
        "staves": len(page.staves),
        "systems": len({staff.system for staff in page.staves}),
        "symbols": len(page.graph.nodes),
        "bars": sum(1 for measure in measures if measure.page == position),
        "seconds_by_stage": {stage: round(seconds, 3) for stage, seconds in page.seconds},
    }


def _stage_seconds(recognition: Recognition) -> list[tuple[str, float]]:
    totals: dict[str, float] = {}
    for stage, seconds in (*(row for page in recognition.pages for row in page.seconds), *recognition.seconds):
        totals[stage] = totals.get(stage, 0.0) + seconds
    return list(totals.items())
