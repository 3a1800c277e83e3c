from __future__ import annotations

import cv2
import numpy as np
import pytest

from benchmarks.painted_staves import Layout, paint
from omr.errors import NoStavesError
from omr.geometry import Box
from omr.notation import Node
from omr.page import PageImage
from omr.prepare import STAFF_SPACE, prepare
from omr.prepare.light import dark_ink, even_light
from omr.prepare.measure import measure
from omr.staves import find_staves

LAYOUT = Layout(width=1100, height=900, right=1000.0, tops=(150.0, 320.0, 560.0, 730.0), notes=20)

SPARSE = Layout(width=1100, height=1200, right=1000.0, tops=(150.0, 320.0), notes=20)


def page(pixels: np.ndarray) -> PageImage:
    return PageImage(pixels=pixels.copy(), source="painted.png", index=0)


def rotated(image: np.ndarray, degrees: float) -> np.ndarray:
    """`image` with its lines falling to the right by `degrees`."""
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)


def resized(image: np.ndarray, factor: float) -> np.ndarray:
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(image, None, fx=factor, fy=factor, interpolation=method)


@pytest.mark.parametrize("factor", [0.35, 0.7, 1.0, 1.9])
def test_the_staff_space_is_measured_at_every_resolution(factor: float) -> None:
    measures = measure(resized(paint(LAYOUT).image, factor))
    assert measures is not None
    assert measures.staff_space == pytest.approx(16 * factor, rel=0.01)


@pytest.mark.parametrize("degrees", [-9.0, -1.3, 0.4, 6.0])
def test_skew_is_measured_and_removed(degrees: float) -> None:
    crooked = rotated(paint(LAYOUT).image, degrees)
    measures = measure(crooked)
    assert measures is not None
    assert measures.skew == pytest.approx(degrees, abs=0.06)
    left = measure(prepare(page(crooked)).image)
    assert left is not None
    assert abs(left.skew) <= 0.06
    assert left.staff_space == pytest.approx(STAFF_SPACE, rel=0.01)


def test_one_bit_noise_does_not_shift_the_measures() -> None:
    random = np.random.default_rng(3)
    bits = np.where(paint(LAYOUT).image < 128, 0, 255).astype(np.uint8)
    bits[random.random(bits.shape) < 0.02] = 0
    bits[random.random(bits.shape) < 0.02] = 255
    measures = measure(bits)
    assert measures is not None
    assert measures.staff_space == pytest.approx(16, rel=0.01)


@pytest.mark.parametrize("paper", [243, 246])
def test_the_grain_of_light_paper_is_no_staff(paper: int) -> None:
    grain = np.random.default_rng(5).normal(0, 8, (SPARSE.height, SPARSE.width))
    gray = np.clip(np.minimum(paint(SPARSE).image, paper) + grain, 0, 255).astype(np.uint8)
    measures = measure(gray)
    assert measures is not None
    assert measures.staff_space == pytest.approx(16, rel=0.01)


def test_shadow_is_lifted_and_even_paper_is_left_alone() -> None:
    image = paint(LAYOUT).image
    shade = np.linspace(0.5, 1.0, image.shape[1])
    shaded = (image * shade).astype(np.uint8)
    even = even_light(shaded)
    assert even_light(image) is image
    for region in (even[:100, :200], even[:100, -200:]):
        assert region.mean() > 245
    assert np.percentile(even, 2) < 30


@pytest.mark.parametrize("shade", [70, 120])
def test_pale_ink_becomes_black_and_paper_stays_white(shade: int) -> None:
    image = paint(LAYOUT).image
    pale = (shade + image.astype(float) * (255 - shade) / 255).astype(np.uint8)
    dark = dark_ink(pale)
    assert np.abs(dark.astype(int) - image).max() <= 3
    assert dark_ink(image) is image


def test_stains_on_an_empty_sheet_stay_pale() -> None:
    sheet = np.full((600, 600), 250, np.uint8)
    sheet[100:160, 100:160] = 215
    assert dark_ink(sheet)[130, 130] > 160


@pytest.mark.parametrize("degrees", [0.0, 2.5])
def test_boxes_and_lines_return_to_the_page(degrees: float) -> None:
    crooked = resized(rotated(paint(LAYOUT).image, degrees), 1.4)
    cv2.rectangle(crooked, (700, 20), (719, 29), 0, -1)
    prepared = prepare(page(crooked))
    ink = np.argwhere(prepared.image[: round(60 / 1.4 * 1.2)] < 100)
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0) + 1
    back = prepared.box_to_page(Box(float(left), float(top), float(right), float(bottom)))
    assert (back.left, back.top, back.right, back.bottom) == pytest.approx((700, 20, 720, 30), abs=3)
    node = Node(id=7, label="beam", box=Box(float(left), float(top), float(right), float(bottom)))
    assert prepared.node_to_page(node) == Node(id=7, label="beam", box=back)


def test_staves_return_to_the_page_where_they_were_painted() -> None:
    painted = paint(LAYOUT)
    prepared = prepare(page(resized(painted.image, 1.5)))
    staves = [prepared.staff_to_page(staff) for staff in find_staves(prepared.image)]
    assert len(staves) == len(painted.lines)
    for staff, truth in zip(staves, painted.lines, strict=True):
        assert staff.staff_space == pytest.approx(24, rel=0.01)
        for line, curve in zip(staff.lines, truth, strict=True):
            assert np.abs(np.array(line.ys) - 1.5 * curve(np.array(line.xs) / 1.5)).mean() < 0.08 * 24


@pytest.mark.parametrize("turns", [1, 3])
def test_a_sideways_page_is_set_upright(turns: int) -> None:
    image = paint(LAYOUT).image
    prepared = prepare(page(np.ascontiguousarray(np.rot90(image, turns))))
    assert prepared.turns == 1  # upright or on its head: lines do not tell
    assert len(find_staves(prepared.image)) == 4
    assert prepared.lit.shape == image.shape


def test_a_negative_is_read_as_ink_on_paper() -> None:
    image = paint(LAYOUT).image
    assert np.array_equal(prepare(page(255 - image)).image, prepare(page(image)).image)


def test_pages_without_staves_say_so() -> None:
    prose = np.full((800, 600), 255, np.uint8)
    for row in range(30):
        text = "the quick brown fox jumps over it"[7 * row % 30 :] + " and the lazy dog sleeps"
        cv2.putText(prose, text, (20, 40 + 25 * row), cv2.FONT_HERSHEY_COMPLEX, 0.8, 0, 2)
    for empty in (
        np.full((500, 400), 255, np.uint8),
        np.zeros((500, 400), np.uint8),
        prose,
        np.full((3, 3), 9, np.uint8),
    ):
        with pytest.raises(NoStavesError, match=r"painted\.png: page 1"):
            prepare(page(empty))


def test_the_same_page_gives_the_same_bytes() -> None:
    image = rotated(paint(LAYOUT).image, 1.1)
    assert np.array_equal(prepare(page(image)).image, prepare(page(image)).image)
