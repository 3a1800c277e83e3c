"""The hand edition on the 28 MUSCIMA++ test pages: `python -m benchmarks.muscima_test [--limit N]`; needs no torch.

Average precision over the 73 classes of the published figures, and Match+AUC and edge F1 on the program's own detections,
all in page pixels, with staff lines in the picture, and without a cap on symbols a page. A page on which no staves are
found counts as one on which nothing was found.
"""

from __future__ import annotations

import argparse
import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.data_folder import data_folder
from datasets.muscima import RawPage, StaffLines, page_files, paint, read_page_truth, split_pages
from omr.composites import with_composites
from omr.errors import NoStavesError
from omr.metrics.detection import average_precision
from omr.models import Models, load_models
from omr.notation import Edge, Node, NotationGraph, Staff
from omr.page import PageImage
from omr.pipeline import recognise_page
from training.evaluate_graph import ESSENTIAL, MUSCIMA_NAMES, evaluate_page, mean_figures

log = logging.getLogger(__name__)


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
        [[node for node in truth.nodes if node.label in ESSENTIAL] for truth in truths],
        [essential(graph, staves) for graph, staves in read],
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
    image = PageImage(pixels=np.ascontiguousarray(paint(page, StaffLines.KEPT)), source=page.name, index=0)
    try:
        result = recognise_page(image, models)
    except NoStavesError as error:
        log.warning("%s", error)
        return NotationGraph(), ()
    return result.graph, result.staves


def true_graph(page: RawPage) -> NotationGraph:
    """The annotations as they are: all classes and all relations among the page's nodes."""
    ids = {node.id for node in page.nodes}
    pairs = sorted({(source, target) for source, target in page.edges if target in ids})
    nodes = tuple(Node(id=node.id, label=node.label, box=node.box, origin="truth") for node in page.nodes)
    return NotationGraph(nodes, tuple(Edge(source, target) for source, target in pairs))


def essential(graph: NotationGraph, staves: tuple[Staff, ...]) -> list[Node]:
    """The symbols of the 73 classes by MUSCIMA++'s names, composites included."""
    nodes = with_composites(graph, staves).nodes
    renamed = (replace(node, label=MUSCIMA_NAMES.get(node.label, node.label)) for node in nodes)
    return [node for node in renamed if node.label in ESSENTIAL]


if __name__ == "__main__":
    main()
