"""How well relations are found, beside the published method: `python -m benchmarks.show_linker [--quick]`; needs no torch.

Trains nothing. The 28 test pages of MUSCIMA++ are read by the hand edition; its own findings are then linked by the shipped
linker, by the published pairwise networks in their three settings and three seeds (baselines/), and by kin of the shipped
network that were trained without one of its parts (ablations/). Ends with one JSON line; shares are fractions from 0 to 1.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from benchmarks.muscima_test import essential, everything, painted, ranked, recognised, seen, true_graph
from benchmarks.print_relations import engraved, relations_by_kind
from benchmarks.setting import parser
from benchmarks.words import with_words
from datasets.muscima import (
    RawPage,
    StaffLines,
    page_files,
    read_page_truth,
    split_pages,
    writer_independent_test,
)
from datasets.muscima_graph import contracted, staves_of
from omr.composites import with_composites
from omr.detect import detect
from omr.labels import DETECTED
from omr.link import EdgeScorer, link
from omr.metrics.detection import Precision, average_precision
from omr.models import WEIGHTS, Floats, Image, Models, load_models, load_scorer, newest_card
from omr.notation import Node, NotationGraph, Staff
from omr.prepare import STAFF_SPACE, Prepared, prepare, to_page
from omr.proximity import Indices
from training.baseline import Baseline, evaluate_baseline, load_baseline
from training.evaluate_graph import GraphFigures, essential_nodes, evaluate_page, mean_figures

QUICK_PAGES: Final = 3
BASELINES: Final = Path(__file__).parent / "baselines"
ABLATIONS: Final = Path(__file__).parent / "ablations"
HARD_CLASSES: Final = "no-soft-classes"
"""The ablation whose network sees each symbol's best class alone."""
RESAMPLED: Final = 40
"""Times that the pages are drawn anew, with repetition, for the spread of average precision."""
SYMBOLS: Final = 1000
"""Of the page whose linking is timed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One handwritten page, its truth, and what the hand edition makes of it."""

    page: RawPage
    truth: NotationGraph
    found: NotationGraph
    staves: tuple[Staff, ...]
    seen: tuple[Node, ...]
    """All that the detector saw, however faintly, by MUSCIMA++'s names."""


def main() -> None:
    """Measure, print."""
    setting = parser(__doc__, report="out/show-linker", quick=f"{QUICK_PAGES} pages of each kind").parse_args()
    start = time.perf_counter()
    samples = engraved(setting.data / "scores", quick=setting.quick)
    print(f"{len(samples)} pages engraved, {time.perf_counter() - start:.0f} s", flush=True)
    models, folder = load_models("hand"), setting.data / "muscima-pp"
    names = split_pages(folder, "test")[: QUICK_PAGES if setting.quick else None]
    pages = read_all(folder, names, models)
    print(f"{len(pages)} test pages read, {time.perf_counter() - start:.0f} s", flush=True)
    shown: dict[str, object] = handwritten(pages, folder, models, quick=setting.quick)
    print(f"handwriting judged, {time.perf_counter() - start:.0f} s", flush=True)
    card = newest_card(WEIGHTS, "detector-print")
    shown["print_edge_f1_by_relation"] = relations_by_kind(samples, card, load_models("print"))
    shown["link_seconds_1000"] = round(link_seconds(pages, models.scorer), 4)
    print(f"{time.perf_counter() - start:.0f} s")
    print(json.dumps(shown))


def read_all(folder: Path, names: Sequence[str], models: Models) -> list[Read]:
    """The pages of these names as the hand edition reads them, with staff lines."""
    files = page_files(folder)
    return [read_one(read_page_truth(files[name]), models) for name in names]


def read_one(page: RawPage, models: Models) -> Read:
    """One page as the hand edition reads it."""
    graph, staves = recognised(page, models)
    faint = tuple(everything(painted(page), models.detector))
    return Read(page=page, truth=true_graph(page), found=graph, staves=staves, seen=faint)


def without_lines(read: Read, models: Models) -> Read:
    """The same with staff lines taken away once the staves are known: the program finds no page without them."""
    lined, bare = (painted(read.page, lines) for lines in StaffLines)
    if not read.staves:
        return read
    prepared = prepare(lined)
    like = replace(prepared, image=warped_alike(bare.pixels, prepared))
    found = tuple(like.node_to_page(node) for node in detect(like.image, models.detector))
    faint = tuple(like.node_to_page(node) for node in seen(like.image, models.detector))
    return replace(read, found=link(found, read.staves, models.scorer), seen=faint)


def warped_alike(pixels: Image, prepared: Prepared) -> Image:
    """`pixels` of the page on the prepared image's grid."""
    height, width = prepared.image.shape
    sharp = cv2.GaussianBlur(pixels, (0, 0), max(0.3, prepared.page_staff_space / STAFF_SPACE / 3))
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    places = to_page(prepared.to_page, np.column_stack([columns.ravel(), rows.ravel()])) - 0.5  # from middles of pixels
    across, down = places.astype(np.float32).reshape(height, width, 2).transpose(2, 0, 1)
    return np.asarray(cv2.remap(sharp, across, down, cv2.INTER_LINEAR, borderValue=255), np.uint8)


def handwritten(pages: Sequence[Read], folder: Path, models: Models, *, quick: bool) -> dict[str, object]:
    """All figures on MUSCIMA++."""
    ours = graph_figures(pages, models.scorer)
    staffless = precision([without_lines(read, models) for read in pages])
    rivals = baselines(pages)
    return {
        "muscima_test": {
            **detection_figures(pages),
            "ap50_weighted_staffless": round(staffless.weighted, 4),
            **edge_figures(ours),
        },
        "baseline": rivals,
        "ours_minus_best_baseline": {
            name: round(getattr(ours, part) - max(rival[name]["mean"] for rival in rivals.values()), 4)
            for name, part in (("match_auc", "match_auc"), ("edge_f1_full", "f1"))
        },
        "perfect_boxes_edge_f1": round(mean_figures([on_perfect_boxes(read, models.scorer) for read in pages]).f1, 4),
        "ablations": ablations(pages),
        "writer_independent": writer_independent(pages, folder, models, quick=quick),
    }


def graph_figures(pages: Sequence[Read], scorer: EdgeScorer) -> GraphFigures:
    """Relations of a linker on these pages' findings."""
    return mean_figures([evaluate_page(read.truth, read.found.nodes, read.staves, scorer) for read in pages])


def edge_figures(figures: GraphFigures) -> dict[str, float]:
    """By the names of the JSON line."""
    return {
        "match_auc": round(figures.match_auc, 4),
        "edge_f1_full": round(figures.f1, 4),
        "edge_precision": round(figures.precision, 4),
        "edge_recall": round(figures.recall, 4),
        "edge_f1_ceiling": round(figures.ceiling_f1, 4),
    }


def precision(pages: Sequence[Read]) -> Precision:
    """Average precision over the 73 classes, of all that was seen."""
    return average_precision(
        [essential_nodes(read.truth.nodes) for read in pages],
        [ranked(essential(read.found, read.staves), with_words(read.seen, read.staves)) for read in pages],
    )


def detection_figures(pages: Sequence[Read]) -> dict[str, object]:
    """Average precision, and between which values it lies in nine of ten drawings of pages."""
    figures = precision(pages)
    draw = np.random.default_rng(0)
    samples = [precision([pages[k] for k in draw.integers(0, len(pages), len(pages))]) for _ in range(RESAMPLED)]
    low, high = np.quantile([sample.macro_all for sample in samples], [0.05, 0.95])
    return {
        "ap50_weighted": round(figures.weighted, 4),
        "ap50_macro_10": round(figures.macro, 4),
        "ap50_macro_all": round(figures.macro_all, 4),
        "ap50_macro_all_90": [round(float(low), 4), round(float(high), 4)],
    }


def baselines(pages: Sequence[Read]) -> dict[str, dict[str, dict[str, float]]]:
    """Mean, least and most over the seeds of each setting, on the findings and their composite symbols."""
    composed = [with_composites(read.found, read.staves) for read in pages]
    figures: dict[str, list[GraphFigures]] = {}
    for path in sorted(BASELINES.glob("*.npz")):
        network = load_baseline(path)
        figures.setdefault(network.setting, []).append(judged(pages, composed, network))
    return {
        setting: {
            "match_auc": spread([one.match_auc for one in found]),
            "edge_f1_full": spread([one.f1 for one in found]),
        }
        for setting, found in sorted(figures.items())
    }


def judged(pages: Sequence[Read], composed: Sequence[NotationGraph], network: Baseline) -> GraphFigures:
    """One published network on the pages."""
    return mean_figures(
        [evaluate_baseline(read.truth, graph, network) for read, graph in zip(pages, composed, strict=True)]
    )


def spread(values: Sequence[float]) -> dict[str, float]:
    """Mean, least and most."""
    return {
        "mean": round(float(np.mean(values)), 4),
        "least": round(min(values), 4),
        "most": round(max(values), 4),
        "seeds": len(values),
    }


def on_perfect_boxes(read: Read, scorer: EdgeScorer) -> GraphFigures:
    """The linker on the true symbols."""
    nodes = contracted(read.page.nodes).nodes
    return evaluate_page(read.truth, nodes, staves_of(read.page.nodes), scorer)


def ablations(pages: Sequence[Read]) -> dict[str, dict[str, float]]:
    """Each network of ablations/ on the same findings: trained alike, "full" with everything, the others without a part."""
    found: dict[str, dict[str, float]] = {}
    for card in sorted(ABLATIONS.glob("*.json")):
        scorer: EdgeScorer = load_scorer(card)
        name = scorer.card.name
        figures = graph_figures(pages, with_hard_classes(scorer) if name == HARD_CLASSES else scorer)
        found[name] = {"match_auc": round(figures.match_auc, 4), "edge_f1_full": round(figures.f1, 4)}
    return found


def with_hard_classes(scorer: EdgeScorer) -> EdgeScorer:
    """The scorer told each symbol's best class alone."""

    def score(symbols: Floats, pairs: Indices, geometry: Floats) -> Floats:
        count = len(DETECTED)
        best = np.eye(count, dtype=np.float32)[symbols[:, :count].argmax(axis=1)]
        return scorer(np.concatenate([best, symbols[:, count:]], axis=1), pairs, geometry)

    return score


def writer_independent(pages: Sequence[Read], folder: Path, models: Models, *, quick: bool) -> dict[str, object]:
    """The linker on pages that no model learned from: those of the data set's own list, and those in unseen hands.

    The split of the published figures puts 11 of the list's 20 pages into training; they are left out. Pages of the valid
    split are among both: they chose between models.
    """
    trained = split_pages(folder, "train")
    hands = {_hand(name) for name in trained}
    known = {read.page.name: read for read in pages}
    names = known if quick else {*split_pages(folder, "test"), *split_pages(folder, "valid")}
    groups = {
        "listed": sorted(set(writer_independent_test(folder)) & set(names)),
        "unseen_hands": sorted(name for name in names if _hand(name) not in hands),
    }
    missing = {name for members in groups.values() for name in members} - set(known)
    known |= {read.page.name: read for read in read_all(folder, sorted(missing), models)}
    found: dict[str, object] = {}
    for group, members in groups.items():
        if members:
            reads = [known[name] for name in members]
            weighted = round(precision(reads).weighted, 4)
            found[group] = {
                "pages": len(reads),
                "ap50_weighted": weighted,
                **edge_figures(graph_figures(reads, models.scorer)),
            }
    return found


def _hand(name: str) -> str:
    """Such as W-28."""
    return name.split("_")[1]


def link_seconds(pages: Sequence[Read], scorer: EdgeScorer) -> float:
    """Median seconds of linking SYMBOLS symbols, those of the pages below each other."""
    nodes, staves = stacked(pages)
    link(nodes, staves, scorer)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        link(nodes, staves, scorer)
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def stacked(pages: Sequence[Read]) -> tuple[tuple[Node, ...], tuple[Staff, ...]]:
    """SYMBOLS symbols from the first page on, with the staves of the pages they are from."""
    nodes: list[Node] = []
    staves: list[Staff] = []
    top = 0.0
    for read in pages:
        if len(nodes) < SYMBOLS:
            nodes += [
                replace(node, id=len(nodes) + k, box=node.box.shifted(0, top))
                for k, node in enumerate(read.found.nodes)
            ]
            staves += [lowered(staff, top) for staff in read.staves]
            top += read.page.size[0]
    return tuple(nodes[:SYMBOLS]), tuple(replace(staff, index=k) for k, staff in enumerate(staves))


def lowered(staff: Staff, by: float) -> Staff:
    """The staff `by` pixels further down."""
    lines = tuple(replace(line, ys=tuple(y + by for y in line.ys)) for line in staff.lines)
    return replace(staff, lines=lines, box=staff.box.shifted(0, by))


if __name__ == "__main__":
    main()
