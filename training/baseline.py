"""The published pairwise network (Yang et al. 2024, arXiv 2409.00316), written anew from its description: numpy alone.

Assumption, theirs: whether two symbols belong together shows in their two boxes in absolute page coordinates and their classes;
each pair is judged by itself. 72-32-32-1 with an embedding of 177 classes, hard (one class) or soft (the detector's scores).
The networks are trained by baseline_train.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from omr.errors import ModelError
from omr.geometry import Box
from omr.labels import DETECTED
from omr.notation import Node, NotationGraph
from omr.proximity import box_array
from training.evaluate_graph import (
    ESSENTIAL,
    GraphFigures,
    area_under_curve,
    essential_nodes,
    match,
    muscima_name,
    true_relations,
)

FORMAT: Final = 1
VOCABULARY: Final = 177
"""Class ids of MUSCIMA++ v2.0, gaps included."""
NODE_WIDTH: Final = 36
"""Four sides of the box and the class's embedding of 32."""
MARGIN: Final = 60.0  # pixels of paper beyond the last ink
ROWS: Final = 48  # symbols whose pairs are judged at once
IDS: Final[Mapping[str, int]] = {name: number for number, name in enumerate(sorted(ESSENTIAL))}
"""A place in the vocabulary for each of the 73 classes."""

Floats = npt.NDArray[np.float32]
Setting = Literal["a", "b", "c"]
"""a: learned from true symbols, b: from detections, c: from detections with soft classes."""
ARRAYS: Final = ("embedding", "embedding_bias", "w1", "b1", "w2", "b2", "w3", "b3")


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """One trained network; weights are (outputs, inputs)."""

    setting: Setting
    embedding: Floats
    """(VOCABULARY, 32)."""
    embedding_bias: Floats
    """(32,); 0 in settings a and b."""
    w1: Floats
    b1: Floats
    w2: Floats
    b2: Floats
    w3: Floats
    b3: Floats

    def probabilities(self, boxes: Floats, classes: Floats) -> Floats:
        """(n, n) of which the upper triangle counts: the relation of each symbol to itself and those after it."""
        nodes = np.concatenate([boxes, classes @ self.embedding + self.embedding_bias], axis=1)
        first, second = nodes @ self.w1[:, :NODE_WIDTH].T + self.b1, nodes @ self.w1[:, NODE_WIDTH:].T
        found = np.zeros((len(nodes), len(nodes)), np.float32)
        for start in range(0, len(nodes), ROWS):
            rows = slice(start, start + ROWS)
            hidden = np.maximum(first[rows, None] + second[None, start:], 0).reshape(-1, len(self.b1))
            hidden = np.maximum(hidden @ self.w2.T + self.b2, 0)
            logits = (hidden @ self.w3.T + self.b3).reshape(-1, len(nodes) - start)
            found[rows, start:] = 1 / (1 + np.exp(-np.clip(logits, -40, 40)))
        return found


def save_baseline(baseline: Baseline, path: Path) -> None:
    """Write one network, 36 kB."""
    arrays = {name: getattr(baseline, name) for name in ARRAYS}
    draft = path.with_name("draft-" + path.name)
    np.savez(draft, format=FORMAT, setting=baseline.setting, **arrays)
    draft.replace(path)


def load_baseline(path: Path) -> Baseline:
    """The network in a file; raises ModelError when it is none or of another format."""
    try:
        with np.load(path) as file:
            if int(file["format"]) != FORMAT:
                raise ModelError(
                    f"{path}: format {int(file['format'])}, this version reads format {FORMAT}; train it anew"
                )
            return Baseline(setting=str(file["setting"]), **{name: file[name] for name in ARRAYS})  # type: ignore[arg-type]
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path}: not a baseline network ({error}); train it anew") from error


def node_arrays(nodes: Sequence[Node], size: tuple[float, float], setting: Setting) -> tuple[Floats, Floats]:
    """(n, 4) top, left, bottom, right between -1 and 1 by the page's height; (n, VOCABULARY) classes, one or soft."""
    height, width = size
    sides = box_array(nodes)[:, [1, 0, 3, 2]] * 2 / height - np.array([1, width / height, 1, width / height])
    classes = np.zeros((len(nodes), VOCABULARY), np.float32)
    for row, node in zip(classes, nodes, strict=True):
        if setting == "c" and node.scores:
            for label, score in zip(DETECTED, node.scores, strict=True):
                place = IDS.get(muscima_name(label))
                if place is not None:
                    row[place] = max(row[place], score)
        else:
            row[IDS[muscima_name(node.label)]] = 1
    return sides.astype(np.float32), classes


def page_size(truth: NotationGraph) -> tuple[float, float]:
    """(height, width) of a page of MUSCIMA++ in pixels: its ink and a margin."""
    boxes: list[Box] = [node.box for node in truth.nodes]
    return int(max(box.bottom for box in boxes)) + MARGIN, int(max(box.right for box in boxes)) + MARGIN


def evaluate_baseline(truth: NotationGraph, found: NotationGraph, baseline: Baseline) -> GraphFigures:
    """Figures of one page: every pair of the symbols in `found` is judged, whatever relations it has."""
    nodes = essential_nodes(found.nodes)
    true_nodes, true_edges = true_relations(truth)
    matched = match(nodes, true_nodes)
    probabilities = baseline.probabilities(*node_arrays(nodes, page_size(truth), baseline.setting))
    place = {true: row for row, node in enumerate(nodes) if (true := matched.get(node.id)) is not None}
    reachable = [(place[a], place[b]) for a, b in true_edges if a in place and b in place]
    related = np.zeros(probabilities.shape, bool)
    for a, b in reachable:
        related[min(a, b), max(a, b)] = True
    pairs = np.triu_indices(len(nodes))
    values, labels = probabilities[pairs].astype(np.float64), related[pairs]
    kept = values >= 0.5
    return GraphFigures(
        match_auc=area_under_curve(values, labels, positives=len(reachable), everything=len(values)),
        true_edges=len(true_edges),
        found_edges=int(kept.sum()),
        right_edges=int((kept & labels).sum()),
        reachable_edges=len(reachable),
    )
