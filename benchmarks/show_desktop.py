"""How the desktop application fares: `python -m benchmarks.show_desktop [--quick]`.

Trains nothing. Ends with one JSON line; seconds and milliseconds are of the clock unless the name says otherwise, shares are
fractions from 0 to 1. The review is made by script on every fifth printed scan by name; reading and list are the program's
own, edits come from the truth (gui/reviewer.py). `review` is what a person finds once the background has looked at the page
again, `review_at_first` the same before, `review_as_printed` the first without the bars whose truth is not what is printed
(benchmarks/truth_errors.py). Undo's figure is the memory that the states of 200 edits hold after each was
read, as Python's allocator counts it: what else a run leaves behind is none of theirs.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import psutil

from benchmarks.desktop_frames import frame_milliseconds, percentile
from benchmarks.setting import parser
from benchmarks.truth_errors import read_truth_errors
from gui.edits.error import EditError
from gui.edits.music import set_pitch_step
from gui.looks import read_again
from gui.problems import problems
from gui.recognised import recognised
from gui.rereading import Reread, Rereader, checked
from gui.reviewer import WANTED, Review, Visit, actions_until, review
from gui.state import BarKey, PageEntry, State
from omr.evaluation import Pair, find_pairs
from omr.files.musicxml import to_musicxml
from omr.labels import NOTEHEADS
from omr.memory import remembering
from omr.metrics.notes import aligned_bars, read_bars
from omr.models import Models, load_models
from omr.page import read_pages
from omr.pipeline import recognise_page
from omr.second_look import look_again

EVERY: Final = 5
QUICK_SCANS: Final = 2
EDITS, QUICK_EDITS = 200, 20
TRACED: Final = 4  # edits of each scan whose memory is counted, which makes reading slow
DOCUMENT: Final = 100  # pages
MEGABYTE: Final = 2**20
START: Final = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from gui.app import make_application
application = make_application()
from gui.windows import Windows
windows = Windows(application, theme="light")
windows.open_first([])
application.processEvents()
print("shown", flush=True)
os._exit(0)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A scan recognised, as a document of one page."""

    pair: Pair
    first: State
    """Before any further look."""
    state: State
    """Looked at again, and read again where three further looks agree."""
    looking: float
    """Seconds of the processor the second look took."""


def main() -> None:
    """Measure, print."""
    options = parser(__doc__, report="out/show-desktop", quick=f"{QUICK_SCANS} scans, {QUICK_EDITS} edits").parse_args()
    start = time.perf_counter()
    frames = frame_milliseconds()
    pairs = find_pairs(options.data / "printed-scans")[::EVERY][: QUICK_SCANS if options.quick else None]
    reads = [_read(pair, models) for models in [load_models("print")] for pair in pairs]
    shown = {
        "start_seconds": round(min(_start_seconds() for _ in range(3)), 2),
        "frame_ms_p99": round(percentile(frames, 0.99), 1),
        **_edit_figures(reads, QUICK_EDITS if options.quick else EDITS),
        "undo_200_mb": _undo_megabytes(reads),
        "document_100_pages_mb": None if options.quick else _document_megabytes(reads),
        "second_look_cpu_seconds": round(percentile([read.looking for read in reads], 0.5), 1),
        **reviewed(reads),
    }
    print(f"{time.perf_counter() - start:.0f} s")
    print(json.dumps(shown))


def _read(pair: Pair, models: Models) -> Read:
    entries = []
    looking = 0.0
    for page in read_pages(pair.picture):
        result = recognise_page(page, models)
        entry = recognised(PageEntry(id=f"p{page.index}", source=str(pair.picture), index=page.index), result)
        start = time.process_time()
        looks = look_again(page, result, models)
        looking += time.process_time() - start
        entries.append(replace(entry, looks=looks))
    return read_of(pair, entries, looking)


def read_of(pair: Pair, entries: Sequence[PageEntry], looking: float) -> Read:
    """A scan as the window has it once its pages were looked at again in `looking` seconds."""
    looked = State(pages=tuple(entries))
    state = read_again(Rereader().read(looked), [entry.id for entry in entries])
    first = State(pages=tuple(replace(entry, looks=None) for entry in entries))
    return Read(pair=pair, first=first, state=state, looking=looking)


def _start_seconds() -> float:
    """From the command to the window on a screen that shows nothing, imports and all."""
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", START], stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        if window.stdout.readline().strip() != "shown":
            raise RuntimeError("the window did not open")
        return time.perf_counter() - start


def _edit_figures(reads: Sequence[Read], edits: int) -> dict[str, float]:
    """Heads raised by a step one after the other, over all pages in turn: an edit lasts until its score is there to be drawn.

    It has settled when long searches and the checks are done too. Seconds of the processor say what a quiet machine needs.
    """
    drawn, busy, settled = [], [], []
    for read in reads:
        rereader = Rereader()
        rereader.read(read.state)
        for state in _raised(read.state, edits // len(reads)):
            start, work = time.perf_counter(), time.process_time()
            heard = rereader.read(state, hasty=True)
            drawn.append(1000 * (time.perf_counter() - start))
            busy.append(1000 * (time.process_time() - work))
            if heard.guessed:
                _settled(rereader, state)
            else:
                _checked(rereader, heard)
            settled.append(1000 * (time.perf_counter() - start))
    return {
        "edit_ms_p95": round(percentile(drawn, 0.95), 1),
        "edit_ms_median": round(percentile(drawn, 0.5), 1),
        "edit_cpu_ms_p95": round(percentile(busy, 0.95), 1),
        "edit_cpu_ms_median": round(percentile(busy, 0.5), 1),
        "edit_settled_ms_p95": round(percentile(settled, 0.95), 1),
    }


def _undo_megabytes(reads: Sequence[Read]) -> float:
    """Memory of EDITS states kept for undo, each drawn from once, counted on TRACED of every scan."""
    kept: list[State] = []
    total = 0
    for read in reads:
        rereader = Rereader()
        _settled(rereader, read.state)
        gc.collect()
        tracemalloc.start()
        own = []
        for state in _raised(read.state, TRACED):
            rereader.read(state, hasty=True)
            own.append(state)
        del rereader
        gc.collect()
        total += tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        kept.extend(own)
    return round(total / len(kept) * EDITS / MEGABYTE, 1)


def _settled(rereader: Rereader, state: State) -> None:
    _checked(rereader, rereader.read(state))


def _checked(rereader: Rereader, heard: Reread) -> None:
    with remembering(rereader.memory):
        problems(checked(heard))


def _raised(state: State, count: int) -> Iterator[State]:
    heads = [(page.id, node.id) for page in state.pages for node in page.graph.nodes if node.label in NOTEHEADS]
    for page_id, head in heads[:: max(1, len(heads) // count)][:count]:
        try:
            state = set_pitch_step(state, page_id, [head], 1)
        except EditError:
            continue
        yield state


def _document_megabytes(reads: Sequence[Read]) -> float:
    """Memory of this process with a document of DOCUMENT pages read as one, less what it held before."""
    before = _resident()
    pages = [replace(page, id=f"{read.pair.name}-{page.id}") for read in reads for page in read.state.pages]
    pages = [replace(pages[place % len(pages)], id=f"page-{place}") for place in range(DOCUMENT)]
    rereader = Rereader()
    heard = rereader.read(State(pages=tuple(pages)))
    size = _resident() - before
    assert heard.bars
    return round(size / MEGABYTE, 1)


def _resident() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def reviewed(reads: Sequence[Read]) -> dict[str, dict[str, float | int]]:
    """The figures of the reviews, by their names in the JSON line."""
    again = [_review(read, read.state) for read in reads]
    at_first = [_review(read, read.first)[0] for read in reads]
    return {
        "review": review_figures([review for review, _ in again]),
        "review_at_first": review_figures(at_first),
        "review_as_printed": review_figures([_without(review, faulty) for review, faulty in again]),
    }


def _without(review: Review, bars: frozenset[BarKey]) -> Review:
    """A review of a document less some bars."""
    return replace(
        review,
        bars=review.bars - len(bars),
        listed=tuple(visit for visit in review.listed if visit.bar not in bars),
        others=tuple(visit for visit in review.others if visit.bar not in bars),
    )


def _review(read: Read, state: State) -> tuple[Review, frozenset[BarKey]]:
    """The review of `state`, and the bars whose truth is not what is printed."""
    rereader = Rereader()
    heard = rereader.read(state)
    found = read_bars(to_musicxml(heard.score))
    truth = read_bars(read.pair.truth.read_bytes())
    right = {
        there: tuple(sorted((note.onset, note.pitch, note.duration) for note in truth[here]))
        for here, there in aligned_bars(truth, found)
    }
    errors = read_truth_errors().get(read.pair.name, frozenset()) or frozenset()
    faulty = frozenset(heard.bars[there] for here, there in aligned_bars(truth, found) if here + 1 in errors)
    return review(state, right, rereader, bars=len(truth)), faulty


def review_figures(reviews: Sequence[Review]) -> dict[str, float | int]:
    """Figures over all documents; lost bars of the truth count as wrong and not listed."""
    listed = [visit for each in reviews for visit in each.listed]
    wrong = [visit for visit in listed if visit.wrong]
    missed = sum(visit.wrong for each in reviews for visit in each.others) + sum(each.lost for each in reviews)
    bars = sum(each.bars for each in reviews)
    exact = bars - len(wrong) - missed
    by_list = [*listed, *(visit for each in reviews for visit in each.others)]
    by_page = [visit for each in reviews for visit in sorted((*each.listed, *each.others), key=_place)]
    return {
        "bars": bars,
        "exact_before": round(exact / bars, 4),
        "wrong_bars_listed": round(len(wrong) / max(1, len(wrong) + missed), 4),
        "list_precision": round(len(wrong) / max(1, len(listed)), 4),
        "right_among_five": round(sum(visit.among for visit in wrong) / max(1, len(wrong)), 4),
        "actions_to_97": actions_until(WANTED, exact=exact, bars=bars, visits=by_list),
        "actions_bar_by_bar": actions_until(WANTED, exact=exact, bars=bars, visits=by_page),
    }


def _place(visit: Visit) -> tuple[str, int, int]:
    return visit.bar.page, visit.bar.system, visit.bar.measure


if __name__ == "__main__":
    main()
