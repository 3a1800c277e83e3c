"""The one door to ultralytics: its YOLOv8 network, loss and assigner, with all it could do on the internet switched off.

The switches are environment variables that ultralytics reads when it is imported, so they are set before that. Nothing here
uses its command line, hub, settings file or downloads; weights always start at random or from a file the user names.
"""

from __future__ import annotations

import logging
import os
import tempfile
from types import SimpleNamespace

os.environ["YOLO_OFFLINE"] = "True"
os.environ["YOLO_AUTOINSTALL"] = "False"
os.environ["YOLO_VERBOSE"] = "False"
os.environ["ULTRALYTICS_OFFLINE"] = "True"
os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.gettempdir())

import torch
from torch import Tensor
from ultralytics.nn.modules.head import Detect
from ultralytics.nn.tasks import DetectionModel
from ultralytics.utils.loss import v8DetectionLoss
from ultralytics.utils.metrics import bbox_iou
from ultralytics.utils.tal import TaskAlignedAssigner

__all__ = ["DetectionModel", "TaskAlignedAssigner", "bbox_iou", "build_model", "raw", "set_gains", "v8DetectionLoss"]

REG_MAX = 16
logging.getLogger("ultralytics").setLevel(logging.WARNING)


def build_model(description: str, classes: int, *, light_head: bool) -> DetectionModel:
    """A YOLOv8 network for gray images (b, 1, h, w) with random weights; `description` is a name such as yolov8n.yaml."""
    model = DetectionModel(description, ch=1, nc=classes, verbose=False)
    if light_head:
        _lighten(model, classes)
    return model


def set_gains(model: DetectionModel, *, box: float, cls: float, dfl: float) -> None:
    """Weights of the three parts of the loss, where ultralytics' loss looks for them."""
    model.args = SimpleNamespace(box=box, cls=cls, dfl=dfl)


def raw(model: DetectionModel, images: Tensor) -> dict[str, Tensor]:
    """Undecoded predictions of a network in training mode."""
    found: dict[str, Tensor] = model._predict_once(images)
    return found


def _lighten(model: DetectionModel, classes: int) -> None:
    """Replace the classification head by the depthwise separable one: a fifth less work at 130 classes."""
    old = model.model[-1]
    channels = [branch[0].conv.in_channels for branch in old.cv2]
    legacy = Detect.legacy
    Detect.legacy = False
    try:
        new = Detect(classes, REG_MAX, False, channels)
    finally:
        Detect.legacy = legacy
    for name in ("stride", "i", "f", "type", "np"):
        setattr(new, name, getattr(old, name))
    new.bias_init()
    for layer in new.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.eps, layer.momentum = 1e-3, 0.03
    model.model[-1] = new
