"""Weights to go on training from, out of an exported detector: what a user has who was never given a run's weights.pt.

The export folds each batch normalisation into its convolution. Both are told apart again by watching what the convolutions give
on a few pieces: a normalisation that takes off their mean and spread and puts them back on changes nothing, whether it uses
the watched figures or, in training, those of its batch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from omr import labels
from training.checkpoint import CheckpointError
from training.yolo import DetectionModel

KEEPING: Final = ("Cast", "Identity")  # operations that leave a weight what it is


def thaw(card: Path, model: DetectionModel, pieces: Iterable[Tensor]) -> None:
    """Set `model`'s weights to those of the detector that `card` describes.

    `pieces` are batches (b, 1, h, w) of 0-1 by which the spread of each convolution is estimated. Raises CheckpointError where
    card and file do not belong together, or to another network or list of classes; the model is then of no use.
    """
    convolutions = _in_order(model, next(iter(pieces)))
    frozen = list(_weights(_file_of(card)))
    if [tuple(module.weight.shape) for module in convolutions] != [tuple(weight.shape) for weight, _ in frozen]:
        raise CheckpointError(f"{card}: another network than the recipe's")
    followers = _normalisations(model)
    for module, (weight, bias) in zip(convolutions, frozen, strict=True):
        module.weight.data.copy_(weight)
        if module in followers:
            _pass_through(followers[module], bias)
        elif module.bias is not None and bias is not None:
            module.bias.data.copy_(bias)
    _spread(model, followers, pieces)


def _file_of(card: Path) -> Path:
    """The card's ONNX file, its checksum and classes checked."""
    try:
        table = json.loads(card.read_text("utf-8"))
        file = card.with_suffix(".onnx")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{card}: not the card of an exported detector: {error}") from error
    if not isinstance(table, dict) or table.get("sha256") != digest:
        raise CheckpointError(f"{file}: not the file that {card.name} describes; take both from one export")
    if table.get("labels") != list(labels.DETECTED):
        raise CheckpointError(f"{card}: its classes are not this program's; start from a detector of this version")
    return file


def _weights(file: Path) -> Iterator[tuple[Tensor, Tensor | None]]:
    """Weight and bias of each convolution, in the order of computation."""
    graph = onnx.load(str(file)).graph
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type in KEEPING and node.input[0] in values:
            values[node.output[0]] = values[node.input[0]]
        if node.op_type == "Conv":
            found = [torch.tensor(values[name]).float() for name in node.input[1:]]
            yield found[0], found[1] if len(found) > 1 else None


def _in_order(model: DetectionModel, piece: Tensor) -> list[nn.Conv2d]:
    """The convolutions in the order of computation."""
    order: list[nn.Conv2d] = []
    hooks = [
        module.register_forward_hook(lambda module, *_: order.append(module))
        for module in model.modules()
        if isinstance(module, nn.Conv2d)
    ]
    _look(model, piece[:1])
    for hook in hooks:
        hook.remove()
    return order


def _normalisations(model: DetectionModel) -> dict[nn.Conv2d, nn.BatchNorm2d]:
    """The normalisation that follows each convolution; the last ones have none."""
    return {
        module.conv: module.bn
        for module in model.modules()
        if isinstance(getattr(module, "conv", None), nn.Conv2d)
        and isinstance(getattr(module, "bn", None), nn.BatchNorm2d)
    }


def _pass_through(normalisation: nn.BatchNorm2d, bias: Tensor | None) -> None:
    normalisation.running_mean.zero_()
    normalisation.running_var.fill_(1 - normalisation.eps)
    normalisation.weight.data.fill_(1.0)
    normalisation.bias.data.copy_(torch.zeros_like(normalisation.bias) if bias is None else bias)


def _spread(model: DetectionModel, followers: dict[nn.Conv2d, nn.BatchNorm2d], pieces: Iterable[Tensor]) -> None:
    """Give each normalisation the mean and variance of its convolution, and the weights that undo them."""
    sums = {module: torch.zeros(3, module.out_channels, dtype=torch.float64) for module in followers}

    def watch(module: nn.Conv2d, _: object, output: Tensor) -> None:
        channels = output.double().transpose(0, 1).flatten(1)
        sums[module] += torch.stack(
            (torch.ones(len(channels)) * channels.shape[1], channels.sum(1), channels.square().sum(1))
        )

    hooks = [module.register_forward_hook(watch) for module in followers]
    for piece in pieces:
        _look(model, piece)
    for hook in hooks:
        hook.remove()
    for module, normalisation in followers.items():
        count, total, squares = sums[module].float()
        mean = total / count
        variance = (squares / count - mean.square()).clamp_min(0.0)
        normalisation.running_mean.copy_(mean)
        normalisation.running_var.copy_(variance)
        normalisation.weight.data.copy_((variance + normalisation.eps).sqrt())
        normalisation.bias.data.add_(mean)


@torch.no_grad()
def _look(model: DetectionModel, piece: Tensor) -> None:
    training = model.training
    model.eval()(piece)
    model.train(training)
