"""A trained detector as an ONNX file with a card, refused unless the runtime finds on real tiles what torch finds.

Weights are stored in half precision, which halves the file; the runtime turns them back and computes in single precision.
"""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from datasets.yolo import STAFF_SPACE, TILE
from omr import labels
from omr.models import Detector, load_detector
from training.recipe import DetectorRecipe
from training.yolo import DetectionModel

OPSET: Final = 17
LARGE: Final = 256  # numbers from which a weight is stored in half precision
MOST_BYTES: Final = 30_000_000
BOX_TOLERANCE: Final = 0.5  # pixels, where either side sees a symbol
SCORE_TOLERANCE: Final = 0.02
FEATURE_TOLERANCE: Final = 0.1
FEATURES: Final = 64
SURE: Final = 0.1  # score from which an anchor is compared

Floats = npt.NDArray[np.float32]
Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was found out about an exported detector on held-out tiles."""

    figures: Mapping[str, object]
    thresholds: Mapping[str, float]
    calibration: Mapping[str, Sequence[tuple[float, float]]]


Measure = Callable[[Detector], Measured]


class ExportError(Exception):
    """The exported file does not compute what the trained network computes, or is too large; nothing was written."""


class Decoded(nn.Module):
    """The network as the runtime sees it: gray tiles (b, 1, h, w) of 0-1 to (b, 4 + classes, anchors) and features.

    The features (b, FEATURES, anchors) are what the head looks at, channels of the coarser levels averaged in groups.
    """

    def __init__(self, model: DetectionModel) -> None:
        super().__init__()
        self.model = model
        self._levels: list[Tensor] = []
        head = model.model[-1]
        head.export = True
        head.register_forward_pre_hook(self._keep)

    def _keep(self, head: nn.Module, inputs: tuple[list[Tensor]]) -> None:
        self._levels = list(inputs[0])  # before the head overwrites its list

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        found: Tensor = self.model(images)
        grouped = [level.flatten(2).unflatten(1, (FEATURES, -1)).mean(2) for level in self._levels]
        return found, torch.cat(grouped, dim=2)


def export_detector(
    model: DetectionModel,
    recipe: DetectorRecipe,
    tiles: Sequence[Image],
    folder: Path,
    version: str,
    figures: Mapping[str, object],
    measure: Measure,
) -> Path:
    """Writes NAME-VERSION.onnx and its card and returns the card's path.

    `tiles` are (TILE, TILE) images on which both are compared; what `measure` finds goes on the card.
    Raises ExportError and leaves `folder` as it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"detector-{recipe.edition}-{version}"
    plain = Decoded(model.float().cpu()).eval()
    with tempfile.TemporaryDirectory(dir=folder) as draft_folder:
        draft = Path(draft_folder) / f"{name}.onnx"
        _write_onnx(plain, draft)
        _check_size(draft)
        card = _card(recipe, version, draft, figures)
        _write_json(draft.with_suffix(".json"), card)
        detector = load_detector(draft.with_suffix(".json"), features=True)
        difference = compare(
            plain, detector, [*tiles, np.hstack((tiles[0], tiles[-1]))]
        )  # the program looks at whole pages
        measured = measure(detector)
        card["thresholds"], card["calibration"] = measured.thresholds, measured.calibration
        card["figures"] = {**figures, **difference, **measured.figures}
        _write_json(draft.with_suffix(".json"), card)
        draft.replace(folder / draft.name)
        draft.with_suffix(".json").replace(folder / f"{name}.json")
    return folder / f"{name}.json"


def compare(model: nn.Module, detector: Detector, tiles: Sequence[Image]) -> dict[str, float]:
    """Largest differences of runtime and torch in score and, where a symbol is seen, box sides; raises ExportError."""
    outputs: dict[int, Floats] = {}
    features: dict[int, Floats] = {}

    def use(index: int, output: Floats, seen: Floats) -> None:
        outputs[index], features[index] = output.copy(), seen.copy()

    detector.scan(tiles, use)
    score, box, feature = 0.0, 0.0, 0.0
    for index, tile in enumerate(tiles):
        with torch.no_grad():
            wanted = model(torch.from_numpy(tile)[None, None].float() / 255)
        expected, vectors = (part[0].numpy() for part in wanted)
        feature = max(feature, float(np.abs(features[index] - vectors).max()))
        score = max(score, float(np.abs(outputs[index][4:] - expected[4:]).max()))
        seen = (expected[4:].max(axis=0) >= SURE) | (outputs[index][4:].max(axis=0) >= SURE)
        if seen.any():
            box = max(box, float(np.quantile(np.abs(outputs[index][:4, seen] - expected[:4, seen]), 0.999)))
    if not (score <= SCORE_TOLERANCE and box <= BOX_TOLERANCE and feature <= FEATURE_TOLERANCE):
        raise ExportError(
            f"the runtime differs from torch by {score:.3g} in score, {box:.3g} pixels and {feature:.3g} in features: "
            "not exported"
        )
    return {"export_score_difference": round(score, 5), "export_box_difference": round(box, 4)}


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph with its large weights stored in half precision, each turned back by a Cast."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    graph, casts = copy.graph, []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size >= LARGE and np.abs(values).max() < np.finfo(np.float16).max:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
            casts.append(onnx.helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    return copy


def _write_onnx(model: nn.Module, path: Path) -> None:
    """Input `images`, outputs `symbols` and `features`; any batch and size."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (torch.zeros(1, 1, TILE, TILE),),
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=["images"],
            output_names=["symbols", "features"],
            dynamic_axes={name: {0: "batch"} for name in ("images", "symbols", "features")},
        )
    graph = onnx.load(str(path))
    path.write_bytes(halved(graph).SerializeToString(deterministic=True))
    onnx.checker.check_model(str(path))


def _check_size(path: Path) -> None:
    if path.stat().st_size > MOST_BYTES:
        raise ExportError(f"the model takes {path.stat().st_size / 1e6:.1f} MB, allowed {MOST_BYTES / 1e6:.0f}")


def _card(recipe: DetectorRecipe, version: str, file: Path, figures: Mapping[str, object]) -> dict[str, Any]:
    return {
        "name": f"detector-{recipe.edition}",
        "version": version,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "labels": list(labels.DETECTED),
        "staff_space": STAFF_SPACE,
        "tile": TILE,
        "data": list(recipe.data),
        "licence": recipe.licence,
        "recipe": asdict(recipe),
        "figures": dict(figures),
        "measured": list(recipe.measured),
        "looks": list(recipe.looks),
        "sides": {label: list(pair) for label, pair in recipe.sides.items()},
    }


def _write_json(path: Path, table: Mapping[str, Any]) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", "utf-8")
    part.replace(path)
