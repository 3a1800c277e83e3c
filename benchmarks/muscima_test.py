"""The hand edition on the 28 MUSCIMA++ test pages: `python -m benchmarks.muscima_test [--limit N]`; needs no torch.

Average precision over the 73 classes of the published figures, of all that was seen, each finding under every class that it
may be; Match+AUC and edge F1 on what the program goes on with; all in page pixels, with staff lines in the picture, and
without a cap on symbols a page. A page on which no staves are
found counts as one on which nothing was found.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.data_folder import data_folder
from benchmarks.words import WORDS, with_words
from datasets.muscima import RawPage, StaffLines, page_files, paint, read_page_truth, split_pages
from omr.composites import with_composites
from omr.detect import Detector, detect, under_each_class
from omr.errors import NoStavesError
from omr.first_flags import with_first_flags
from omr.flatten import flatten
from omr.metrics.detection import average_precision, overlaps
from omr.models import Models, load_models
from omr.notation import Edge, Node, NotationGraph, Staff
from omr.page import PageImage
from omr.pipeline import recognise_page
from omr.prepare import prepare
from training.evaluate_graph import essential_nodes, evaluate_page, mean_figures, muscima_name

log = logging.getLogger(__name__)

FLOOR: Final = 0.02  # score from which a class of a finding counts for average precision
SAME: Final = 0.5  # IoU
Image = npt.NDArray[np.uint8]


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--muscima", type=Path, default=data_folder() / "muscima-pp")
    parser.add_argument("--limit", type=int, help="read that many pages only")
    arguments = parser.parse_args()
    print(json.dumps(muscima_figures(arguments.muscima, load_models("hand"), limit=arguments.limit)))


def muscima_figures(folder: Path, models: Models, *, limit: int | None = None) -> dict[str, float]:
    """The figures over the first `limit` test pages (None: all), by name."""
    files = page_files(folder)
    pages = [read_page_truth(files[name]) for name in split_pages(folder, "test")[:limit]]
    truths = [true_graph(page) for page in pages]
    read = [recognised(page, models) for page in pages]
    precision = average_precision(
        [essential_nodes(truth.nodes) for truth in truths],
        [
            ranked(essential(graph, staves), with_words(everything(painted(page), models.detector), staves))
            for page, (graph, staves) in zip(pages, read, strict=True)
        ],
    )
    relations = mean_figures(
        [
            evaluate_page(truth, graph.nodes, staves, models.scorer)
            for truth, (graph, staves) in zip(truths, read, strict=True)
        ]
    )
    return {
        "ap50_macro": precision.macro,
        "ap50_weighted": precision.weighted,
        "match_auc": relations.match_auc,
        "edge_f1_full": relations.f1,
        "ap50_macro_all": precision.macro_all,
        "edge_ceiling_f1": relations.ceiling_f1,
        "pages": len(pages),
    }


def recognised(page: RawPage, models: Models) -> tuple[NotationGraph, tuple[Staff, ...]]:
    """Symbols, relations and staves in pixels of the painted page, empty when it has no staves."""
    try:
        result = recognise_page(painted(page), models)
    except NoStavesError as error:
        log.warning("%s", error)
        return NotationGraph(), ()
    return result.graph, result.staves


def painted(page: RawPage, lines: StaffLines = StaffLines.KEPT) -> PageImage:
    return PageImage(pixels=np.ascontiguousarray(paint(page, lines)), source=page.name, index=0)


def everything(image: PageImage, detector: Detector) -> list[Node]:
    """All that the detector sees from score FLOOR up, by MUSCIMA++'s names (words as such), in pixels of the page."""
    prepared = flatten(prepare(image)).prepared
    return [prepared.node_to_page(node) for node in seen(prepared.image, detector)]


def seen(image: Image, detector: Detector) -> list[Node]:
    """The same on a prepared image, in its pixels."""
    nodes = under_each_class(detect(image, detector, threshold=FLOOR, thresholds={}), detector.calibration, least=FLOOR)
    parts = with_first_flags(NotationGraph(nodes)).nodes
    return [*renamed(parts), *(node for node in parts if node.label == WORDS)]


def ranked(shown: Sequence[Node], more: Sequence[Node]) -> list[Node]:
    """What the program goes on with, and of `more` what is none of it."""
    overlap = overlaps(boxes_of(more), boxes_of(shown))
    alike = np.array([node.label for node in more])[:, None] == np.array([node.label for node in shown])[None, :]
    known = ((overlap >= SAME) & alike).any(axis=1) if len(shown) else np.zeros(len(more), bool)
    return [*shown, *(node for node, again in zip(more, known.tolist(), strict=True) if not again)]


def boxes_of(nodes: Sequence[Node]) -> npt.NDArray[np.float64]:
    """(n, 4) left, top, right, bottom."""
    rows = [(node.box.left, node.box.top, node.box.right, node.box.bottom) for node in nodes]
    return np.array(rows, np.float64).reshape(-1, 4)


def true_graph(page: RawPage) -> NotationGraph:
    """The annotations as they are: all classes and all relations among the page's nodes."""
    ids = {node.id for node in page.nodes}
    pairs = sorted({(source, target) for source, target in page.edges if target in ids})
    nodes = tuple(Node(id=node.id, label=node.label, box=node.box, origin="truth") for node in page.nodes)
    return NotationGraph(nodes, tuple(Edge(source, target) for source, target in pairs))


def essential(graph: NotationGraph, staves: tuple[Staff, ...]) -> list[Node]:
    """The symbols of the 73 classes by MUSCIMA++'s names, composites included."""
    return renamed(with_composites(graph, staves).nodes)


def renamed(nodes: Iterable[Node]) -> list[Node]:
    """Those of the 73 classes, by MUSCIMA++'s names."""
    return [replace(node, label=muscima_name(node.label)) for node in essential_nodes(nodes)]


if __name__ == "__main__":
    main()
