"""Task-aligned assignment on (symbol, anchor) pairs instead of a dense symbols x anchors table.

A tile of dense music holds up to 300 symbols, nearly all of them small: each has a few dozen anchors inside its box, not all
8,400. Listing only those pairs gives the targets of ultralytics' TaskAlignedAssigner (Feng et al. 2021, TOOD) at a tenth of the
time on a CPU.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from training.yolo import TaskAlignedAssigner, bbox_iou


class Pairs(NamedTuple):
    """Candidate pairs; four tensors of the same length."""

    symbol: Tensor
    """Index into the list of all symbols of the batch."""
    anchor: Tensor
    overlap: Tensor
    """Complete IoU of symbol and predicted box, at least 0."""
    metric: Tensor
    """Class score ** alpha * overlap ** beta."""

    def at(self, index: Tensor) -> Pairs:
        return Pairs(*(column[index] for column in self))


class SparseAssigner(TaskAlignedAssigner):  # type: ignore[misc]
    """Same rule and same five results as its base class; anchors are those of ultralytics' make_anchors, in pixels."""

    @torch.no_grad()
    def forward(
        self,
        pd_scores: Tensor,
        pd_bboxes: Tensor,
        anc_points: Tensor,
        gt_labels: Tensor,
        gt_bboxes: Tensor,
        mask_gt: Tensor,
        **extra: Any,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Labels (b, a), boxes (b, a, 4), class scores (b, a, c), foreground (b, a) and symbol index (b, a) of every anchor."""
        image, place = mask_gt[..., 0].bool().nonzero(as_tuple=True)
        boxes, classes = gt_bboxes[image, place], gt_labels[image, place, 0].long()
        symbol, anchor = self._inside(boxes, anc_points)
        where = image[symbol]
        overlap = bbox_iou(boxes[symbol], pd_bboxes[where, anchor], xywh=False, CIoU=True).squeeze(-1).clamp_(0)
        metric = pd_scores[where, anchor, classes[symbol]].float().pow(self.alpha) * overlap.pow(self.beta)
        pairs = self._best_of_each_symbol(Pairs(symbol, anchor, overlap, metric), len(boxes))
        pairs = _one_symbol_each(pairs, image[pairs.symbol] * len(anc_points) + pairs.anchor)
        return self._targets(pairs, image, place, classes, boxes, pd_scores)

    def _inside(self, boxes: Tensor, anchors: Tensor) -> tuple[Tensor, Tensor]:
        """All (symbol, anchor) with the anchor inside the symbol's box, whose sides count as at least `stride_val`."""
        middle, half = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]) / 2
        half = torch.where(half * 2 < self.stride_val, torch.full_like(half, self.stride_val / 2), half)
        low, high = middle - half, middle + half
        symbols, found, start = [], [], 0
        for stride, (width, height) in zip(self.stride, grid_sizes(anchors, self.stride), strict=True):
            limit = torch.tensor((width, height), device=boxes.device)
            first = (torch.floor(low / stride - 0.5).long() + 1).clamp(min=0).minimum(limit)
            last = torch.ceil(high / stride - 0.5).long().clamp(min=0).minimum(limit)
            across, down = (last - first).clamp(min=0).unbind(1)
            symbol = torch.repeat_interleave(across * down)
            offset = torch.arange(len(symbol), device=boxes.device) - _starts(across * down)[symbol]
            row = first[symbol, 1] + offset // across[symbol]
            symbols.append(symbol)
            found.append(start + row * width + first[symbol, 0] + offset % across[symbol])
            start += width * height
        return torch.cat(symbols), torch.cat(found)

    def _best_of_each_symbol(self, pairs: Pairs, symbols: int) -> Pairs:
        """The `topk` pairs of each symbol by metric."""
        order = pairs.metric.argsort(descending=True, stable=True)
        pairs = pairs.at(order[pairs.symbol[order].argsort(stable=True)])
        starts = _starts(torch.bincount(pairs.symbol, minlength=symbols))
        rank = torch.arange(len(pairs.symbol), device=starts.device) - starts[pairs.symbol]
        return pairs.at((rank < self.topk).nonzero().squeeze(1))

    def _targets(
        self, pairs: Pairs, image: Tensor, place: Tensor, classes: Tensor, boxes: Tensor, scores: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        batch, anchors, count = scores.shape
        empty = scores.new_zeros
        labels = torch.full((batch, anchors), count, dtype=torch.long, device=scores.device)
        targets, weights = empty((batch, anchors, 4)), empty((batch, anchors, count))
        foreground, index = torch.zeros_like(labels, dtype=torch.bool), torch.zeros_like(labels)
        symbol, anchor = pairs.symbol, pairs.anchor
        best_metric = empty(len(boxes)).scatter_reduce_(0, symbol, pairs.metric.to(scores.dtype), "amax")
        best_overlap = empty(len(boxes)).scatter_reduce_(0, symbol, pairs.overlap.to(scores.dtype), "amax")
        where = image[symbol]
        labels[where, anchor] = classes[symbol]
        targets[where, anchor] = boxes[symbol].to(scores.dtype)
        foreground[where, anchor] = True
        index[where, anchor] = place[symbol]
        weight = pairs.metric.to(scores.dtype) * best_overlap[symbol] / (best_metric[symbol] + self.eps)
        weights[where, anchor, classes[symbol]] = weight
        return labels, targets, weights, foreground, index


def grid_sizes(anchors: Tensor, strides: list[float]) -> list[tuple[int, int]]:
    """(width, height) of each level, read off the anchors (n, 2) in pixels: levels one after another, row by row."""
    sizes, start = [], 0
    for stride in strides:
        x, y = anchors[start:, 0], anchors[start:, 1]
        width = int((y == y[0]).long().cumprod(0).sum())
        column = (x[::width] - stride / 2).abs() < 1e-3  # rows of this level begin half a stride from the edge ...
        rising = (
            y[::width] - stride * (torch.arange(len(column), device=y.device) + 0.5)
        ).abs() < 1e-3  # ... and follow on
        height = int((column & rising).long().cumprod(0).sum())
        sizes.append((width, height))
        start += width * height
    return sizes


def _one_symbol_each(pairs: Pairs, key: Tensor) -> Pairs:
    """Of the pairs that share an anchor (`key`), the one with the highest overlap."""
    order = pairs.overlap.argsort(descending=True, stable=True)
    order = order[key[order].argsort(stable=True)]
    ordered = key[order]
    first = torch.ones_like(ordered, dtype=torch.bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return pairs.at(order[first])


def _starts(counts: Tensor) -> Tensor:
    """Where each run begins when runs of these lengths are laid one after another."""
    return counts.cumsum(0) - counts
