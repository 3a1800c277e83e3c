"""What a finding may be beside its best class: for ranking all that was seen, as average precision does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from omr import labels
from omr.detect.page import calibrated
from omr.notation import Node


def under_each_class(
    nodes: Iterable[Node], calibration: Mapping[str, Sequence[tuple[float, float]]], *, least: float
) -> tuple[Node, ...]:
    """`nodes` and each of them again under every other class that scored at least `least`, never surer than the best.

    `calibration` is the detector's. Ultralytics' own validation counts boxes in this way too (multi_label). Ids count from 0.
    """
    found: list[Node] = []
    for node in nodes:
        found.append(node)
        scores = np.array(node.scores, np.float32)
        for index in np.flatnonzero(scores >= least).tolist():
            label = labels.DETECTED[index]
            if label != node.label:
                sure = float(calibrated(scores[index : index + 1], label, calibration)[0])
                found.append(replace(node, label=label, score=min(sure, node.score)))
    return tuple(replace(node, id=number) for number, node in enumerate(found))
