"""The graph network that gives each candidate relation a probability.

Assumption: whether two symbols belong together shows in how they lie to each other and in what else lies about: an accidental
is its head's because no other head is nearer, a beam a head's because the head's stem crosses it. So symbols and pairs pass
messages: three rounds over candidate and context pairs, in both directions, every pair keeping a state of its own (after the
graph network blocks of Battaglia et al. 2018) and learning its share among its rivals (softmax over the pairs of one symbol).
Sums over a symbol's pairs use scatter_add alone: index_add exports to ONNX wrongly.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch_geometric.utils import scatter

from omr.features import EDGE_FEATURES, NODE_FEATURES

ATTENTION_RANGE = 8.0
"""Attention logits stay within plus and minus this, so that the softmax needs no maximum over a symbol's pairs."""


@dataclass(frozen=True, kw_only=True)
class LinkerConfig:
    """Sizes of the network."""

    hidden: int = 64
    """Width of the state of a symbol and of a pair."""
    rounds: int = 3
    """Of messages; 0: each pair is judged by itself."""
    features: int = 0
    """Numbers of a symbol beyond NODE_FEATURES: what the detector saw (tensors.visual)."""


class Linker(nn.Module):
    """(symbols, NODE_FEATURES + features), (2, pairs) source and target, (pairs, EDGE_FEATURES) -> (pairs,) logits."""

    def __init__(self, config: LinkerConfig) -> None:
        super().__init__()
        self.config = config
        width = config.hidden
        self.symbols = nn.Sequential(
            nn.Linear(NODE_FEATURES + config.features, width), nn.ReLU(), nn.Linear(width, width)
        )
        self.pairs = nn.Sequential(nn.Linear(EDGE_FEATURES, width), nn.ReLU(), nn.Linear(width, width))
        self.rounds = nn.ModuleList([PairRound(width) for _ in range(config.rounds)])
        self.head = PairHead(width)

    def forward(self, symbols: Tensor, pairs: Tensor, geometry: Tensor) -> Tensor:
        symbol_states, pair_states = self.symbols(symbols), self.pairs(geometry)
        for layer in self.rounds:
            symbol_states, pair_states = layer(symbol_states, pairs, pair_states)
        return self.head(symbol_states, pairs, pair_states)


class PairRound(nn.Module):
    """One round: each pair looks at its two symbols, each symbol gathers from its pairs as source and as target."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.from_source = nn.Linear(width, width)
        self.from_target = nn.Linear(width, width, bias=False)
        self.from_pair = nn.Linear(width, width, bias=False)
        self.rivalry = nn.Linear(width, 2)
        self.gather = nn.Sequential(nn.Linear(5 * width, width), nn.ReLU(), nn.Linear(width, width))
        self.settle = nn.Linear(width + 2, width)
        self.symbol_norm = nn.LayerNorm(width)
        self.pair_norm = nn.LayerNorm(width)

    def forward(self, symbols: Tensor, pairs: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        source, target = pairs[0], pairs[1]
        seen = self.from_source(symbols)[source] + self.from_target(symbols)[target] + self.from_pair(states)
        messages = torch.relu(seen)
        weights = torch.exp(torch.clamp(self.rivalry(messages), -ATTENTION_RANGE, ATTENTION_RANGE))
        count = symbols.size(0)
        as_source, share_out = gather_weighted(messages, weights[:, 0], source, count)
        as_target, share_in = gather_weighted(messages, weights[:, 1], target, count)
        gathered = self.gather(torch.cat([symbols, *as_source, *as_target], dim=1))
        shares = torch.stack([share_out, share_in], dim=1)
        settled = self.settle(torch.cat([messages, shares], dim=1))
        return self.symbol_norm(symbols + gathered), self.pair_norm(states + settled)


def gather_weighted(messages: Tensor, weights: Tensor, at: Tensor, count: int) -> tuple[tuple[Tensor, Tensor], Tensor]:
    """Softmax-weighted mean and damped sum of the messages at each symbol, (count, width) each; each pair's share, (pairs,)."""
    total = scatter(weights, at, dim=0, dim_size=count, reduce="sum")
    share = weights / (total[at] + 1e-6)
    mean = scatter(messages * share[:, None], at, dim=0, dim_size=count, reduce="sum")
    whole = scatter(messages, at, dim=0, dim_size=count, reduce="sum")
    return (mean, torch.log1p(whole)), share


class PairHead(nn.Module):
    """A pair's logit from its own state and those of its two symbols."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.from_source = nn.Linear(width, width)
        self.from_target = nn.Linear(width, width, bias=False)
        self.from_pair = nn.Linear(width, width, bias=False)
        self.hidden = nn.Linear(width, width)
        self.logit = nn.Linear(width, 1)

    def forward(self, symbols: Tensor, pairs: Tensor, states: Tensor) -> Tensor:
        source, target = self.from_source(symbols)[pairs[0]], self.from_target(symbols)[pairs[1]]
        mixed = torch.relu(self.hidden(torch.relu(source + target + self.from_pair(states))))
        return self.logit(mixed).squeeze(1)


class LinkerProbabilities(nn.Module):
    """The network as the application runs it: probabilities in place of logits."""

    def __init__(self, linker: Linker) -> None:
        super().__init__()
        self.linker = linker

    def forward(self, symbols: Tensor, pairs: Tensor, geometry: Tensor) -> Tensor:
        return torch.sigmoid(self.linker(symbols, pairs, geometry))
