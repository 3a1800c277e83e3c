"""Training of the published pairwise network, in its three settings, on MUSCIMA++.

    python -m training.baseline_train SETTING EPOCHS TRUTH DETECTED VALID_TRUTH VALID_DETECTED LINKER.onnx OUT_DIR

Page files of MUSCIMA++'s own graphs (linker_pages muscima --truth) and of a detector's findings (detected_pages muscima), train
and valid pages. Every pair nearer than 200 px is learned from, in both orders, with all negatives. LINKER gives the findings
their composite symbols; its relations are not seen. The epoch is kept that does best on valid pages.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from omr.composites import with_composites
from omr.link import EdgeScorer, link
from omr.notation import NotationGraph
from omr.proximity import box_array, near
from training.baseline import (
    IDS,
    NODE_WIDTH,
    VOCABULARY,
    Baseline,
    Setting,
    evaluate_baseline,
    node_arrays,
    page_size,
    save_baseline,
)
from training.evaluate_graph import essential_nodes, load_scorer, match, mean_figures, true_relations
from training.graph_pages import GraphPage, read_pages

NEAR: Final = 200.0  # pixels between two boxes
BATCH: Final = 4096  # pairs; published: 256
LEARNING_RATE: Final = 4e-3  # published: 1e-3 for batches of 256
SEEDS: Final = (1, 2, 3)
EVALUATE_EVERY: Final = 5  # epochs; published: 10
VALID_PAGES: Final = 10
"""So many say which epoch is kept."""
HIDDEN: Final = 32


class PairNetwork(nn.Module):
    """(n, 4) boxes, (n,) classes or (n, 73) soft classes, (2, pairs) -> (pairs,) logits."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting: Setting = setting
        self.embed = nn.Linear(VOCABULARY, HIDDEN, bias=setting == "c")
        if setting != "c":
            nn.init.normal_(self.embed.weight)  # as an embedding table begins
        self.first, self.second = nn.Linear(2 * NODE_WIDTH, HIDDEN), nn.Linear(HIDDEN, HIDDEN)
        self.third = nn.Linear(HIDDEN, 1)

    def forward(self, boxes: Tensor, classes: Tensor, pairs: Tensor) -> Tensor:
        ends = [torch.cat([boxes[end], self._embedded(classes, end)], dim=1) for end in pairs]
        hidden = torch.relu(self.second(torch.relu(self.first(torch.cat(ends, dim=1)))))
        return self.third(hidden).squeeze(1)

    def _embedded(self, classes: Tensor, end: Tensor) -> Tensor:
        if classes.dim() == 2:
            return functional.linear(classes[end], self.embed.weight[:, : len(IDS)], self.embed.bias)
        return functional.embedding(classes[end], self.embed.weight.t())

    def exported(self) -> Baseline:
        """The weights as the evaluation reads them."""
        bias = self.embed.bias if self.setting == "c" else torch.zeros(HIDDEN)
        named = {
            "embedding": self.embed.weight.t(), "embedding_bias": bias, "w1": self.first.weight, "b1": self.first.bias,
            "w2": self.second.weight, "b2": self.second.bias, "w3": self.third.weight, "b3": self.third.bias,
        }  # fmt: skip
        arrays = {name: value.detach().numpy().copy(order="C") for name, value in named.items()}
        return Baseline(setting=self.setting, **arrays)


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """All pairs of all pages."""

    boxes: Tensor
    classes: Tensor
    """(symbols,) ids, or soft scores of the 73 classes."""
    pairs: Tensor
    """(2, pairs) rows of `boxes`."""
    related: Tensor


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Graphs to be judged and their truth, by page."""

    truth: tuple[NotationGraph, ...]
    found: tuple[NotationGraph, ...]


def load_pages(truth: Path, detected: Path, setting: Setting, scorer: EdgeScorer, most: int | None = None) -> Pages:
    """The first `most` pages in both files; in setting a the truth is what is learned from."""
    graphs = {page.name: page.graph for page in read_pages(truth)}
    if setting == "a":
        return Pages(truth=tuple(graphs.values()), found=tuple(graphs.values()))
    pages = [page for page in islice(read_pages(detected), most) if page.name in graphs]
    found = tuple(composed(page, scorer) for page in pages)
    return Pages(truth=tuple(graphs[page.name] for page in pages), found=found)


def composed(page: GraphPage, scorer: EdgeScorer) -> NotationGraph:
    """What was found with the composite symbols that this program makes of it."""
    return with_composites(link(page.graph.nodes, page.staves, scorer), page.staves)


def all_pairs(pages: Pages, setting: Setting) -> Pairs:
    """What is learned from."""
    boxes, classes, pairs, related = [], [], [], []
    start = 0
    for truth, found in zip(pages.truth, pages.found, strict=True):
        nodes = essential_nodes(found.nodes)
        true_nodes, true_edges = true_relations(truth)
        matched = match(nodes, true_nodes)
        sides, kinds = node_arrays(nodes, page_size(truth), setting)
        everything = np.arange(len(nodes))
        here = near(box_array(nodes), everything, everything, (NEAR, NEAR))
        here = here[_gap(box_array(nodes), here) < NEAR]
        true = [matched.get(node.id, -1) for node in nodes]
        known = true_edges | {(b, a) for a, b in true_edges}
        related.append(np.array([(true[a], true[b]) in known for a, b in here.tolist()], np.float32))
        boxes.append(sides)
        classes.append(kinds)
        pairs.append(here + start)
        start += len(nodes)
    soft = torch.from_numpy(np.concatenate(classes))[:, : len(IDS)].contiguous()
    return Pairs(
        boxes=torch.from_numpy(np.concatenate(boxes)),
        classes=soft if setting == "c" else soft.argmax(dim=1),
        pairs=torch.from_numpy(np.concatenate(pairs).T.copy()),
        related=torch.from_numpy(np.concatenate(related)),
    )


def _gap(boxes: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    here, there = boxes[pairs[:, 0]], boxes[pairs[:, 1]]
    apart = np.maximum(here[:, :2], there[:, :2]) - np.minimum(here[:, 2:], there[:, 2:])
    return np.asarray(np.hypot(*np.maximum(apart, 0).T))


def train(
    setting: Setting, seed: int, epochs: int, learned: Pairs, valid: Pages, report: Callable[[str], None]
) -> Baseline:
    """The network that did best on the valid pages."""
    torch.manual_seed(seed)
    network = PairNetwork(setting)
    optimizer = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)
    began, best, chosen = time.process_time(), -1.0, network.exported()
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * -(-len(learned.related) // BATCH))
    for epoch in range(1, epochs + 1):
        for rows in torch.randperm(len(learned.related)).split(BATCH):
            logits = network(learned.boxes, learned.classes, learned.pairs[:, rows])
            loss = functional.binary_cross_entropy_with_logits(logits, learned.related[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        if epoch % EVALUATE_EVERY:
            continue
        now = network.exported()
        graphs = zip(valid.truth, valid.found, strict=True)
        figures = mean_figures([evaluate_baseline(truth, found, now) for truth, found in graphs])
        seconds = time.process_time() - began
        report(f"{setting} {seed} epoch {epoch} match_auc {figures.match_auc:.4f} f1 {figures.f1:.4f} {seconds:.0f} s")
        if figures.match_auc > best:
            best, chosen = figures.match_auc, now
    return chosen


def main(arguments: Sequence[str]) -> int:
    """Train the networks of one setting (published: 200 epochs at one learning rate)."""
    setting, epochs = cast(Setting, arguments[0]), int(arguments[1])
    truth, detected, valid_truth, valid_detected, linker, out = (Path(argument) for argument in arguments[2:])
    torch.set_num_threads(1)
    scorer = load_scorer(linker)
    learned = all_pairs(load_pages(truth, detected, setting, scorer), setting)
    print(f"{len(learned.related)} pairs, {int(learned.related.sum())} related", flush=True)
    valid = load_pages(valid_truth, valid_detected, "b", scorer, VALID_PAGES)  # judged on detections in every setting
    for seed in SEEDS:
        found = train(setting, seed, epochs, learned, valid, lambda line: print(line, flush=True))
        save_baseline(found, out / f"{setting}-{seed}.npz")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
