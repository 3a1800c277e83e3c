"""Muon: momentum made orthogonal, so that every direction of a weight matrix moves at the same pace (Jordan et al. 2024).

Convolutions are taken as matrices (out, in * height * width). In float32: the usual bfloat16 is slow on a CPU without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import torch
from torch import Tensor

STEPS: Final = 5
QUINTIC: Final = (3.4445, -4.7750, 2.0315)


class Muon(torch.optim.Optimizer):
    """For weights of two or more dimensions; `lr` is the root mean square change of a weight a step at scale 1."""

    def __init__(self, params: Iterable[Any], lr: float, momentum: float = 0.95, weight_decay: float = 0.0) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                momentum = self.state[weight].setdefault("momentum", torch.zeros_like(weight))
                momentum.lerp_(weight.grad, 1 - group["momentum"])
                direction = orthogonal(weight.grad.lerp(momentum, group["momentum"]).flatten(1))
                weight.mul_(1 - group["lr"] * group["weight_decay"])
                scale = max(direction.shape) ** 0.5  # an orthogonal matrix then has entries of root mean square 1
                weight.add_(direction.view_as(weight), alpha=-group["lr"] * scale)


def orthogonal(matrix: Tensor) -> Tensor:
    """Nearly the nearest matrix (m, n) with orthonormal rows or columns, by a quintic Newton-Schulz iteration."""
    tall = matrix.shape[0] > matrix.shape[1]
    found = matrix.T if tall else matrix
    found = found / (found.norm() + 1e-7)
    a, b, c = QUINTIC
    for _ in range(STEPS):
        square = found @ found.T
        found = a * found + (b * square + c * square @ square) @ found
    return found.T if tall else found
