"""Average precision agrees with values worked out by hand."""

from __future__ import annotations

import pytest

from omr.geometry import Box
from omr.metrics.detection import average_precision
from omr.notation import Node


def node(label: str, left: float, score: float = 1.0, width: float = 10.0) -> Node:
    return Node(id=0, label=label, box=Box(left, 0, left + width, 10), score=score)


def test_perfect_detection_is_one_for_every_mean() -> None:
    page = [node("stem", 20.0 * i) for i in range(12)] + [node("beam", 500)]
    result = average_precision([page], [page])
    assert (result.weighted, result.macro, result.macro_all) == (1, 1, 1)
    assert [(one.label, one.count) for one in result.classes] == [("beam", 1), ("stem", 12)]


def test_half_of_the_symbols_found_is_half() -> None:
    result = average_precision([[node("stem", 0), node("stem", 100)]], [[node("stem", 0)]])
    assert result.weighted == pytest.approx(51 / 101)


def test_a_false_symbol_above_a_true_one_halves_the_precision() -> None:
    result = average_precision([[node("stem", 0)]], [[node("stem", 0, 0.5), node("stem", 100, 0.9)]])
    assert result.weighted == pytest.approx(0.5)


def test_a_second_box_on_the_same_symbol_is_false() -> None:
    truth = [[node("stem", 0), node("stem", 100)]]
    twice = [[node("stem", 0, 0.9), node("stem", 1, 0.8), node("stem", 100, 0.7)]]
    assert average_precision(truth, twice).weighted == pytest.approx((51 * 1 + 50 * 2 / 3) / 101)


def test_overlap_below_the_threshold_does_not_count() -> None:
    truth, shifted = [[node("stem", 0)]], [[node("stem", 4)]]
    assert average_precision(truth, shifted).weighted == 0
    assert average_precision(truth, shifted, iou=0.4).weighted == 1


def test_no_cap_on_detections_and_pages_are_kept_apart() -> None:
    page = [node("noteheadFull", 20.0 * i) for i in range(1500)]
    assert average_precision([page, []], [page, []]).weighted == 1
    assert average_precision([page, []], [[], page]).weighted == 0


def test_rare_classes_are_left_out_of_the_macro_mean_only() -> None:
    common = [node("stem", 20.0 * i) for i in range(10)]
    result = average_precision([[*common, node("beam", 900)]], [common])
    assert (result.macro, result.macro_all, result.weighted) == (1, 0.5, pytest.approx(10 / 11))


def test_unequal_numbers_of_pages_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        average_precision([[node("stem", 0)]], [])
