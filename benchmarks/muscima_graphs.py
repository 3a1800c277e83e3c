"""How ground-truth graphs of handwritten pages are read: `python -m benchmarks.muscima_graphs`; nothing is detected or linked.

MUSCIMA++ holds twenty pieces, each in seven hands, and no MusicXML. So three things are judged: whether a page gives a file,
how many of its bars do not add up, and whether the copies of one piece are read alike. One page is named as a piece it does
not hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Final

from benchmarks.data_folder import data_folder
from datasets.muscima import StaffLines, page_files, read_page_truth, to_sample
from omr.errors import OmrError
from omr.files.gate import repair
from omr.files.musicxml import BROKEN_BAR_TEXTS, to_musicxml
from omr.metrics.notes import Bar, read_bars, score_notes
from omr.reading import ReadPage, read_score
from omr.score import Score

PIECE: Final = re.compile(r"_W-(\d+)_N-(\d+)_")
MISNAMED: Final = {("28", "05"): "04"}
"""(writer, piece by the page's name) -> the piece its music is, told by eye: one staff in 2/4, no score of seven staves."""


def main() -> None:
    """Read, print."""
    print(json.dumps(muscima_graph_figures(data_folder() / "muscima-pp")))


def muscima_graph_figures(folder: Path, *, limit: int | None = None) -> dict[str, float]:
    """pages_exported, issue_share (bars that do not add up), copies_agree_f1; raises MuscimaError."""
    exported = bars = broken = 0
    pieces: dict[str, list[tuple[Bar, ...]]] = {}
    files = list(page_files(folder).values())[:limit]
    for path in files:
        sample = to_sample(read_page_truth(path), StaffLines.KEPT)
        try:
            score, _ = repair(read_score((ReadPage(sample.graph, sample.staves),)))
            read = read_bars(to_musicxml(score))
        except OmrError:
            continue
        exported += 1
        bars += len(read)
        broken += _broken(score)
        pieces.setdefault(piece_of(path.stem), []).append(read)
    agreeing = [_f1(one, other) for copies in pieces.values() for one, other in combinations(copies, 2)]
    return {
        "pages_exported": exported,
        "pages": len(files),
        "issue_share": round(broken / bars, 4) if bars else 1.0,
        "copies_agree_f1": round(sum(agreeing) / len(agreeing), 4) if agreeing else 0.0,
    }


def piece_of(name: str) -> str:
    """The number of the piece that a page is a copy of; the whole name where it has none."""
    found = PIECE.search(name)
    return name if found is None else MISNAMED.get((found.group(1), found.group(2)), found.group(2))


def _broken(score: Score) -> int:
    """Bars marked as not adding up."""
    return len({issue.measure for issue in score.issues if issue.code in BROKEN_BAR_TEXTS})


def _f1(one: Sequence[Bar], other: Sequence[Bar]) -> float:
    return score_notes(one, other).pitch_onset_duration_f1


if __name__ == "__main__":
    main()
