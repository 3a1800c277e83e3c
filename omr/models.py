"""The models an edition reads with: cards, checks, and the only door to the inference runtime (OpenVINO).

A model is an ONNX file with a card beside it. The card names what the file must be (its checksum) and what it must fit (the
label list); anything else is refused before a page is read. No network: nothing is ever fetched, and telemetry is off.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from omr import labels
from omr.errors import DependencyError, ModelError
from omr.heap import blocks_apart, give_back

os.environ["OPENVINO_TELEMETRY"] = "0"
os.environ["OPENVINO_TELEMETRY_OPT_OUT"] = "1"

import openvino as ov
from openvino import opset13 as ops
from openvino.preprocess import PrePostProcessor

Precision = Literal["f32", "bf16"]
"""That the detector computes in; asked for by one of these names or "auto"."""
Floats = npt.NDArray[np.float32]
Image = npt.NDArray[np.uint8]

WEIGHTS: Final = Path(__file__).parent / "weights"
REINSTALL: Final = "reinstall scorewright, or give another --model"


AS_GOOD_IN_BF16: Final = ("print",)
"""Editions found as accurate in bf16 as in f32."""
SLACK: Final = 1e-3
"""Logits by which anchors are kept that are a little below what is asked for; scores are compared exactly afterwards."""
SHAPES_KEPT: Final = 300
"""Layers made ready for a size of picture that the runtime keeps, a few sizes' worth: else each size costs 7 MB for ever."""
LARGE_PIXELS: Final = 2_500_000
"""Pixels of a picture larger than most: what the runtime computed it in, some 60 MB a million pixels, is given back."""

FORMAT: Final = 1
"""Of model files: what goes in and comes out. Another is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What a model file is, where it comes from and how good it is."""

    name: str
    """Such as detector-print; the file is NAME-VERSION.onnx."""
    version: str
    sha256: str
    """Of the ONNX file, hexadecimal."""
    labels: tuple[str, ...]
    """In the order of the outputs."""
    staff_space: float
    """Pixels in the images it was trained on."""
    tile: int
    """Side in pixels of the images it was trained on; 0 for a model that reads no image."""
    data: tuple[str, ...]
    licence: str
    recipe: Mapping[str, object]
    figures: Mapping[str, object]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Least score by class where it is not the usual one: what served best on held-out tiles."""
    sides: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """By class (learned, true) pixels of sides that were learned longer than they are, because they are tiny."""
    calibration: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    """By class ("" for all others) points (score, share of such findings that are right) measured on held-out tiles."""
    measured: tuple[str, ...] = ("beam",)
    """Classes whose boxes are measured on the ink; stems by hand slant, so only an engraver's are."""

    looks: tuple[float, ...] = (1.0,)
    """Times `staff_space` at which a page is looked at, one after another."""

    format: int = FORMAT
    """Of the model's inputs and outputs."""


OPTIONAL: Final = ("format", "thresholds", "sides", "calibration", "measured", "looks")
REQUIRED: Final = tuple(each.name for each in fields(ModelCard) if each.name not in OPTIONAL)


class Detector:
    """Finds symbols in images, on the runtime's own threads."""

    def __init__(self, model: ov.CompiledModel, card: ModelCard) -> None:
        self._model = model
        self._request = model.create_infer_request()  # kept: making its memory anew costs a tenth of a page
        self._has_features = len(model.outputs) > 1
        self._selects = len(model.inputs) > 1
        self._lock = Lock()
        self.card = card
        self.thresholds = card.thresholds
        self.sides = card.sides
        self.calibration = card.calibration
        self.looks = card.looks
        self.measured = card.measured
        self.by_hand = card.name == "detector-hand"
        """Whether it sees handwriting, whose pages want other rules than an engraver's."""

    def scan(self, tiles: Sequence[Image], use: Callable[[int, Floats, Floats], None], *, least: float = 0.0) -> None:
        """Calls `use`(index, output, features) for every (height, width) image.

        Output is (4 + classes, anchors) centre, size and scores; features are (features, anchors), none where the model has
        no such output. Anchors with no score of at least `least` may be left out. `use` must not keep them. No callback is
        handed to the runtime: its threads would need Python's lock, and one still waiting for it while a model is released
        never comes back.

        The runtime's memory for pictures only grows, tensor by tensor. Before and after one that is larger than most it is
        given back, so that the largest is not paid for by all that follow.
        """
        large = max((tile.size for tile in tiles), default=0) > LARGE_PIXELS
        if large:
            self._release()
        self._infer(tiles, use, least)
        if large:
            self._release()

    def _infer(self, tiles: Sequence[Image], use: Callable[[int, Floats, Floats], None], least: float) -> None:
        bound = {1: np.array([_logit(least) - SLACK], np.float32)} if self._selects else {}
        for index, tile in enumerate(tiles):
            with self._lock:
                with blocks_apart():
                    self._request.infer({0: tile[None, None], **bound})
                output = self._request.get_output_tensor(0).data[0]
                features = self._request.get_output_tensor(1).data[0] if self._has_features else output[:0]
                use(index, output, features)

    def _release(self) -> None:
        """Frees the runtime's memory for pictures; what is compiled stays."""
        with self._lock:
            self._model.release_memory()
        give_back()


class Scorer:
    """Judges candidate relations; the runtime compiles it when it is first asked."""

    def __init__(self, path: Path, card: ModelCard, threads: int | None = None, device: str = "cpu") -> None:
        self._path = path
        self._threads = threads
        self._device = device
        self.card = card

    def __call__(self, symbols: Floats, pairs: npt.NDArray[np.int64], geometry: Floats) -> Floats:
        """Probabilities (n,) of pairs (2, n) between symbols (m, features), given the pairs' geometry (n, features)."""
        inputs = {"symbols": symbols, "pairs": pairs.astype(np.int64), "geometry": geometry}
        probabilities: Floats = self._compiled(inputs)[0].reshape(-1)
        return probabilities

    def compiled(self) -> Scorer:
        """This scorer, ready to answer at once."""
        _ = self._compiled
        return self

    @cached_property
    def _compiled(self) -> ov.CompiledModel:
        return _compile(
            _read(self._path), "f32", self._threads, self._device, kept=0
        )  # hardly two pages have as many pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """An edition, ready to read pages."""

    detector: Detector
    scorer: Scorer
    cards: tuple[ModelCard, ...]
    precision: Precision
    """Of the detector's arithmetic; the scorer always computes in f32."""


def load_models(
    edition: str,
    *,
    precision: str = "auto",
    folder: Path = WEIGHTS,
    threads: int | None = None,
    device: str = "cpu",
) -> Models:
    """The newest detector and linker of an edition; raises ModelError when one is missing, damaged or does not fit.

    `threads` to compute with on a CPU, by default one a core. Raises DependencyError where `device` is not there or does not
    compute in `precision`, see runtime_precision.
    """
    card = newest_card(folder, f"detector-{edition}")
    used = runtime_precision(precision, device, edition=edition)
    detector = load_detector(card, precision=used, threads=threads, device=device)
    scorer = load_scorer(newest_card(folder, f"linker-{edition}"), threads=threads, device=device)
    return Models(detector=detector, scorer=scorer, cards=(detector.card, scorer.card), precision=used)


class LoadingModels:
    """An edition that is being loaded beside other work; asking for a model waits for it and raises what loading raised."""

    def __init__(
        self, edition: str, *, precision: str = "auto", threads: int | None = None, device: str = "cpu"
    ) -> None:
        loader = ThreadPoolExecutor(1)
        self._models = loader.submit(load_models, edition, precision=precision, threads=threads, device=device)
        self._scorer = loader.submit(self._ready)
        loader.shutdown(wait=False)

    @property
    def detector(self) -> Detector:
        return self._models.result().detector

    def _ready(self) -> Scorer:
        return self._models.result().scorer.compiled()

    @property
    def scorer(self) -> Scorer:
        return self._scorer.result()


def edition_cards(edition: str, *, folder: Path = WEIGHTS) -> tuple[ModelCard, ...]:
    """The cards of the models of an edition, their files compared with them, nothing loaded; raises ModelError."""
    return tuple(checked_card(newest_card(folder, f"{kind}-{edition}")) for kind in ("detector", "linker"))


def computes_bf16() -> bool:
    """Whether this processor computes in bf16; elsewhere it would be imitated, slowly."""
    return "BF16" in ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def load_detector(
    path: Path,
    *,
    precision: Precision = "f32",
    features: bool = False,
    threads: int | None = None,
    device: str = "cpu",
) -> Detector:
    """The detector whose card lies at `path`; raises ModelError.

    `features` asks for what the network saw at each symbol too, where the model has that output; it takes time.
    """
    card = checked_card(path)
    if not card.tile:
        raise ModelError(f"{path}: the card names no tile size; {REINSTALL}")
    model = _read(path.with_suffix(".onnx"))
    if not features:
        model = _selecting(model)
    model.reshape({model.input(0): [1, 1, -1, -1]})
    steps = PrePostProcessor(model)
    steps.input(0).tensor().set_element_type(ov.Type.u8)
    steps.input(0).preprocess().convert_element_type(ov.Type.f32).scale(255.0)
    return Detector(_compile(steps.build(), precision, threads, device), card)


def _selecting(model: ov.Model) -> ov.Model:
    """`model` without features and, where it ends as a detector does, with a second input: the least logit (1,) of an anchor.

    Few of the 20,000 anchors in a million pixels show anything. The scores of the others are neither computed nor kept; those
    that are kept are the same to the last bit.
    """
    symbols = model.output(0).get_node().input_value(0)
    whole = symbols.get_node()
    if whole.get_type_name() != "Concat" or whole.input_value(1).get_node().get_type_name() != "Sigmoid":
        return ov.Model([symbols], model.get_parameters())
    boxes, logits = whole.input_value(0), whole.input_value(1).get_node().input_value(0)
    least = ops.parameter([1], np.float32, name="least")
    first, second, after_boxes = (ops.constant(np.array(number)) for number in (0, 1, [4]))
    best = ops.squeeze(ops.reduce_max(logits, second), first)
    kept = ops.squeeze(ops.non_zero(ops.greater_equal(best, least)), first)
    chosen = [ops.gather(each, kept, ops.constant(np.array(2))) for each in (boxes, logits)]
    # of both together, because the runtime would move a sigmoid of the gathered logits before the gathering
    scores = ops.slice(ops.sigmoid(ops.concat(chosen, 1)), after_boxes, [4 + len(labels.DETECTED)], [1], [1])
    return ov.Model([ops.concat([chosen[0], scores], 1)], [*model.get_parameters(), least])


def _logit(share: float) -> float:
    """Of a probability; minus infinity of 0."""
    return math.log(share / (1 - share)) if share > 0 else -math.inf


def load_scorer(path: Path, *, threads: int | None = None, device: str = "cpu") -> Scorer:
    """The linker whose card lies at `path`; raises ModelError."""
    return Scorer(path.with_suffix(".onnx"), checked_card(path), threads, device)


def runtime_device(device: str) -> str:
    """The runtime's name of a device ("cpu", "gpu", "auto"); raises DependencyError for a GPU that is not there."""
    if device == "cpu":
        return "CPU"
    there: list[str] = ov.Core().available_devices
    if any(name.startswith("GPU") for name in there):
        return "GPU"
    if device == "auto":
        return "CPU"
    raise DependencyError(
        f"no GPU that OpenVINO can use was found (there is {', '.join(there)}); install its driver, or give --device cpu"
    )


def runtime_precision(precision: str, device: str = "cpu", *, edition: str = "print") -> Precision:
    """What "f32", "bf16" or "auto" comes to on a device; raises DependencyError for bf16 that would have to be imitated.

    "auto" is bf16 on a CPU that computes in it natively, for an edition that is as accurate in it; else f32.
    """
    if precision == "f32":
        return "f32"
    native = runtime_device(device) == "CPU" and computes_bf16()
    if precision == "bf16" and not native:
        raise DependencyError("this processor does not compute in bf16; give --precision f32, or auto")
    return "bf16" if native and (precision == "bf16" or edition in AS_GOOD_IN_BF16) else "f32"


def newest_card(folder: Path, name: str) -> Path:
    """The card NAME-VERSION.json with the highest version; raises ModelError when there is none."""
    found = [path for path in folder.glob(f"{name}-*.json") if path.with_suffix(".onnx").is_file()]
    if not found:
        raise ModelError(f"{folder}: no model {name} is installed; {REINSTALL}")
    return max(found, key=lambda path: _version(path.stem[len(name) + 1 :]))


def checked_card(path: Path) -> ModelCard:
    """The card at `path`, its model file compared with it; raises ModelError."""
    card = read_card(path)
    if card.format != FORMAT:
        raise ModelError(f"{path}: is of format {card.format}, this version reads format {FORMAT}; {REINSTALL}")
    file = path.with_suffix(".onnx")
    try:
        found = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"{file}: cannot be read ({error.strerror}); {REINSTALL}") from error
    if found != card.sha256:
        raise ModelError(f"{file}: is not the file its card describes (damaged or replaced); {REINSTALL}")
    if card.labels != labels.DETECTED:
        raise ModelError(f"{path}: was trained for another list of symbols than this version reads; {REINSTALL}")
    return card


def read_card(path: Path) -> ModelCard:
    """The card at `path`; raises ModelError when it is not one."""
    try:
        table: dict[str, Any] = json.loads(path.read_text("utf-8"))
        known = {name: table[name] for name in REQUIRED} | {"thresholds": table.get("thresholds", {})}
        known["sides"] = {label: (float(one), float(two)) for label, (one, two) in table.get("sides", {}).items()}
        curves = table.get("calibration", {}).items()
        known["calibration"] = {
            label: tuple((float(one), float(two)) for one, two in points) for label, points in curves
        }
        known["format"] = int(table.get("format", FORMAT))
        known["measured"] = tuple(table.get("measured", ("beam",)))
        known["looks"] = tuple(float(factor) for factor in table.get("looks", (1.0,)))
        return ModelCard(**known | {"labels": tuple(known["labels"]), "data": tuple(known["data"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: not a model card ({error}); {REINSTALL}") from error


def _version(text: str) -> tuple[int, ...]:
    """Numbers of a version such as 1.10; anything else sorts first."""
    parts = text.split(".")
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else ()


def _read(path: Path) -> ov.Model:
    try:
        return ov.Core().read_model(path)
    except RuntimeError as error:
        raise ModelError(f"{path}: the runtime cannot read this model; {REINSTALL}") from error


def _compile(
    model: ov.Model, precision: Precision, threads: int | None, device: str, *, kept: int = SHAPES_KEPT
) -> ov.CompiledModel:
    """For one image after another, each on `threads` cores (None: all) where a CPU computes, with `kept` prepared layers."""
    name = runtime_device(device)
    settings: dict[str, str | int] = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"}
    if name == "CPU":
        settings["CPU_RUNTIME_CACHE_CAPACITY"] = kept
    if threads is not None and name == "CPU":
        settings["INFERENCE_NUM_THREADS"] = threads
    return ov.Core().compile_model(model, name, settings)
