"""A page's graph as the tensors a linker learns from, made by the very code the application runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from omr.candidates import graph_pairs
from omr.features import edge_features, node_features
from omr.labels import INDEX
from omr.notation import Node, NotationGraph
from training.graph_pages import GraphPage

FEATURE_SCALE = 2.0
"""What the detector's features are divided by, so that most lie within one."""


@dataclass(frozen=True, kw_only=True)
class PairTensors:
    """Pages joined into one graph."""

    symbols: Tensor
    """(symbols, NODE_FEATURES and features, if wanted) float32."""
    pairs: Tensor
    """(2, pairs) int64: source and target."""
    geometry: Tensor
    """(pairs, EDGE_FEATURES) float32."""
    scored: Tensor
    """(pairs,) bool: candidate relations; the others are context."""
    related: Tensor
    """(pairs,) float32: 1 where the truth has the relation."""
    target_class: Tensor
    """(pairs,) int64: class of the target, for counts by relation; -1 outside DETECTED."""


def page_tensors(page: GraphPage, features: int = 0) -> PairTensors:
    """The candidate and context pairs of one page with their truth; symbols with `features` of what the detector saw."""
    nodes = page.graph.nodes
    pairs, candidates = graph_pairs(nodes, page.staves)
    ids = np.array([node.id for node in nodes], np.int64)
    classes = np.array([INDEX.get(node.label, -1) for node in nodes], np.int64)
    truth = {(edge.source, edge.target) for edge in page.graph.edges}
    related = [(source, target) in truth for source, target in ids[pairs[:candidates]].tolist()]
    return PairTensors(
        symbols=torch.from_numpy(np.concatenate([node_features(nodes, page.staves), visual(nodes, features)], axis=1)),
        pairs=torch.from_numpy(np.ascontiguousarray(pairs.T)),
        geometry=torch.from_numpy(edge_features(nodes, pairs, page.staves, candidates)),
        scored=torch.arange(len(pairs)) < candidates,
        related=torch.tensor(related + [False] * (len(pairs) - candidates), dtype=torch.float32),
        target_class=torch.from_numpy(classes[pairs[:, 1]]),
    )


def visual(nodes: Sequence[Node], count: int) -> npt.NDArray[np.float32]:
    """(symbols, count) what the detector saw, scaled; 0 where nothing is known."""
    rows = [node.features or (0.0,) * count for node in nodes]
    return np.array(rows, np.float32).reshape(len(nodes), -1)[:, :count] / FEATURE_SCALE


def hard(page: GraphPage) -> GraphPage:
    """The page with each symbol's best class alone."""
    nodes = tuple(replace(node, scores=()) for node in page.graph.nodes)
    return replace(page, graph=NotationGraph(nodes, page.graph.edges))


def joined(pages: Sequence[PairTensors]) -> PairTensors:
    """Several pages as one graph without pairs between them."""
    starts = np.cumsum([0, *(len(page.symbols) for page in pages[:-1])]).tolist()
    return PairTensors(
        symbols=torch.cat([page.symbols for page in pages]),
        pairs=torch.cat([page.pairs + start for page, start in zip(pages, starts, strict=True)], dim=1),
        geometry=torch.cat([page.geometry for page in pages]),
        scored=torch.cat([page.scored for page in pages]),
        related=torch.cat([page.related for page in pages]),
        target_class=torch.cat([page.target_class for page in pages]),
    )
