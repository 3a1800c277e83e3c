"""Cards and checks of the models: whatever does not fit is refused with one line that says what to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from omr import labels
from omr.detect.tiling import crop, frames
from omr.errors import ModelError
from omr.models import checked_card, load_detector, load_models, newest_card
from omr.page import read_pages
from omr.prepare import prepare

SIDE = 32
EXAMPLE = Path(__file__).parents[2] / "examples" / "menuet.png"


def write_model(folder: Path, name: str, **changes: Any) -> Path:
    """A network that gives back its 4 + classes first pixels as one anchor, written as OpenVINO writes it, with its card."""
    import openvino as ov
    from openvino import opset13 as ops

    folder.mkdir(parents=True, exist_ok=True)
    count = 4 + len(labels.DETECTED)
    images = ops.parameter([-1, 1, SIDE, SIDE], np.float32, name="images")
    flat = ops.reshape(images, ops.constant(np.array([0, -1, 1])), special_zero=True)
    first = ops.slice(flat, [0], [count], [1], [1])
    path = folder / f"{name}.json"
    file = path.with_suffix(".xml")
    ov.save_model(ov.Model([first], [images], name), str(file))
    card = {
        "name": name.rpartition("-")[0],
        "version": name.rpartition("-")[2],
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "labels": list(labels.DETECTED),
        "staff_space": 16.0,
        "tile": SIDE,
        "data": ["drawn for a test"],
        "licence": "CC0-1.0",
        "recipe": {},
        "figures": {},
    }
    path.write_text(json.dumps(card | changes))
    return path


@pytest.fixture
def stub_onnx(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models of the tests are in the runtime's own format, because nothing here can write ONNX."""
    plain = Path.with_suffix
    monkeypatch.setattr(Path, "with_suffix", lambda path, ending: plain(path, ".xml" if ending == ".onnx" else ending))


@pytest.mark.usefixtures("stub_onnx")
def test_every_tile_comes_back_once_scaled_to_one(tmp_path: Path) -> None:
    detector = load_detector(write_model(tmp_path, "detector-print-1"))
    tiles = [np.full((SIDE, SIDE), value, np.uint8) for value in (0, 51, 255)]
    seen: dict[int, float] = {}

    def use(index: int, output: np.ndarray[Any, Any], features: np.ndarray[Any, Any]) -> None:
        assert output.shape == (4 + len(labels.DETECTED), 1)
        assert features.shape == (0, 1)  # this model has no such output
        seen[index] = float(output.mean())

    detector.scan(tiles, use)
    assert seen == pytest.approx({0: 0.0, 1: 0.2, 2: 1.0}, abs=1e-6)


def test_anchors_that_show_nothing_may_be_left_out() -> None:
    detector = load_models("print", precision="f32", threads=1).detector
    page = prepare(next(iter(read_pages(EXAMPLE)))).image
    tiles = [np.full((64, 96), 255, np.uint8), crop(page, frames(page)[0])]
    seen: dict[float, list[np.ndarray[Any, Any]]] = {0.0: [], 0.25: []}
    for least, found in seen.items():
        detector.scan(tiles, lambda _, output, __, found=found: found.append(output.copy()), least=least)
    assert [output.shape[1] for output in seen[0.0]] == [tile.size * 21 // 1024 for tile in tiles]
    for all_of_it, part in zip(seen[0.0], seen[0.25], strict=True):
        sure = [output[:, output[4:].max(axis=0) >= 0.25] for output in (all_of_it, part)]
        np.testing.assert_array_equal(*sure)
        assert part.shape[1] < all_of_it.shape[1] / 10
    assert seen[0.25][1].shape[1] > 0


@pytest.mark.usefixtures("stub_onnx")
def test_sides_learned_longer_are_read_from_the_card(tmp_path: Path) -> None:
    assert load_detector(write_model(tmp_path, "detector-print-1")).sides == {}
    card = write_model(tmp_path, "detector-print-2", sides={"legerLine": [8, 4]}, calibration={"": [[0.5, 0.9]]})
    assert load_detector(card).sides == {"legerLine": (8.0, 4.0)}
    assert load_detector(card).calibration == {"": ((0.5, 0.9),)}
    assert load_detector(card).measured == ("beam",)
    with pytest.raises(ModelError, match="not a model card"):
        load_detector(write_model(tmp_path, "detector-print-3", sides={"legerLine": [8]}))


@pytest.mark.usefixtures("stub_onnx")
def test_the_hand_edition_knows_that_it_reads_handwriting(tmp_path: Path) -> None:
    by_hand = [load_detector(write_model(tmp_path, f"detector-{edition}-1")).by_hand for edition in ("print", "hand")]
    assert by_hand == [False, True]


@pytest.mark.usefixtures("stub_onnx")
def test_the_highest_version_is_taken_by_number(tmp_path: Path) -> None:
    for version in ("1.9", "1.10", "1.2"):
        write_model(tmp_path, f"detector-print-{version}")
    assert newest_card(tmp_path, "detector-print").stem == "detector-print-1.10"


@pytest.mark.usefixtures("stub_onnx")
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda card: card.with_suffix(".onnx").write_bytes(b"x"), "damaged or replaced"),
        (lambda card: card.with_suffix(".onnx").unlink(), "cannot be read"),
        (lambda card: card.write_text("{}"), "not a model card"),
        (lambda card: card.write_text("{"), "not a model card"),
        (lambda card: card.unlink(), "not a model card"),
    ],
)
def test_what_does_not_fit_its_card_is_refused(tmp_path: Path, spoil: Callable[[Path], object], reason: str) -> None:
    card = write_model(tmp_path, "detector-print-1")
    spoil(card)
    with pytest.raises(ModelError, match=reason) as caught:
        checked_card(card)
    assert "\n" not in str(caught.value)
    assert "reinstall" in str(caught.value)


@pytest.mark.usefixtures("stub_onnx")
def test_another_label_list_is_refused(tmp_path: Path) -> None:
    card = write_model(tmp_path, "detector-print-1", labels=[*labels.DETECTED[1:], labels.DETECTED[0]])
    with pytest.raises(ModelError, match="another list of symbols"):
        load_detector(card)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    card = write_model(tmp_path, "detector-print-1", sha256=hashlib.sha256(b"nonsense").hexdigest())
    card.with_suffix(".onnx").write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="cannot read this model"):
        load_detector(card)


def test_a_missing_edition_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model detector-print"):
        load_models("print", folder=tmp_path)


@pytest.mark.usefixtures("stub_onnx")
def test_a_model_of_another_format_is_refused_by_name(tmp_path: Path) -> None:
    path = write_model(tmp_path, "linker-print-9", format=2)
    with pytest.raises(ModelError, match=r"linker-print-9\.json: is of format 2, this version reads format 1"):
        checked_card(path)
