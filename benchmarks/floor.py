"""The least time a page can take: the detector's multiplications at the speed this processor reaches on matrices."""

from __future__ import annotations

import time
from collections.abc import Sequence
from math import prod
from pathlib import Path

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from omr.detect.tiling import frames
from omr.models import WEIGHTS, Precision, newest_card
from omr.page import read_pages
from omr.prepare import prepare

SIDE = 1024
TRIES = 12


def floor_seconds(pages: Sequence[Path], cores: int, precision: Precision) -> float:
    """Seconds a page on `cores` cores: operations of the convolutions over the best matrix product measured in `precision`."""
    pixels = [
        frame.width * frame.height for path in pages for frame in frames(prepare(next(iter(read_pages(path)))).image)
    ]
    return operations_per_pixel() * sum(pixels) / len(pages) / (peak_operations(precision) * cores)


def operations_per_pixel() -> float:
    """Floating-point operations of the print detector for each pixel it looks at."""
    model = ov.Core().read_model(newest_card(WEIGHTS, "detector-print").with_suffix(".onnx"))
    side = 640
    model.reshape([1, 1, side, side])
    total = 0
    for step in model.get_ops():
        if step.get_type_name() in ("Convolution", "GroupConvolution"):
            weights = list(step.input(1).get_shape())
            inner = weights[1:] if step.get_type_name() == "Convolution" else weights[2:]
            total += 2 * prod(step.output(0).get_shape()) * prod(inner)
    return total / side**2


def peak_operations(precision: Precision) -> float:
    """Floating-point operations a second of one core, the best of several matrix products by the runtime."""
    ones = np.ones((SIDE, SIDE), np.float32)
    left = ops.parameter([SIDE, SIDE], np.float32)
    product = ov.Model([ops.matmul(left, ops.constant(ones), False, False)], [left])
    request = (
        ov.Core()
        .compile_model(product, "CPU", {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": 1})
        .create_infer_request()
    )
    best = 0.0
    for _ in range(TRIES):
        start = time.process_time()
        request.infer([ones])
        best = max(best, 2 * SIDE**3 / max(1e-9, time.process_time() - start))
    return best
