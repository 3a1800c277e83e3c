"""The detector's trainer on tiny tiles: it learns, stops on time, goes on from a checkpoint, and never opens a socket."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("ultralytics")

from datasets.yolo import TILE, write_description
from omr import labels
from omr.detect import detect
from training import schedule
from training.assigner import SparseAssigner, grid_sizes
from training.checkpoint import CheckpointError, save
from training.detector import CHECKPOINT, start, train
from training.export import FEATURES, Decoded, ExportError, Measured, compare, export_detector
from training.host import best_precision, cpu_flags
from training.network import load_average, loss_of, new_model
from training.recipe import DetectorRecipe, Phase, RecipeError, read_recipe
from training.tiles import (
    Endless,
    Jitter,
    Piece,
    clipped,
    cut,
    least_sides,
    list_tiles,
    rare_place,
    read_tile,
    widened,
)
from training.yolo import TaskAlignedAssigner, raw

RECIPES = Path(__file__).parents[2] / "training" / "recipes"
HEAD = labels.INDEX["noteheadFull"]


@pytest.fixture(scope="module")
def recipe() -> DetectorRecipe:
    whole = read_recipe(RECIPES / "print.toml")
    phases = (Phase(share=0.5, crop=64, batch=2), Phase(share=0.5, crop=96, batch=1))
    return replace(whole, minutes=20 / 60, phases=phases, folders=("tiles",))


def ticks() -> Callable[[], float]:
    """A clock on which each step takes a second, so that a busy machine trains no less."""
    seconds = count()
    return lambda: float(next(seconds))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import cv2

    folder = tmp_path_factory.mktemp("data") / "tiles"
    chance = random.Random(1)
    for kind in ("images", "labels"):
        (folder / kind / "train").mkdir(parents=True)
    for number in range(3):
        image, rows = np.full((TILE, TILE), 255, np.uint8), []
        for _ in range(120):
            x, y = chance.randrange(20, 600), chance.randrange(20, 600)
            cv2.ellipse(image, (x, y), (10, 8), 0, 0, 360, 0, -1)
            rows.append(f"{HEAD} {x / TILE:.5f} {y / TILE:.5f} {20 / TILE:.5f} {16 / TILE:.5f}\n")
        cv2.imwrite(str(folder / "images" / "train" / f"{number}.png"), image)
        (folder / "labels" / "train" / f"{number}.txt").write_text("".join(rows))
    write_description(folder)
    return folder.parent


def test_the_sparse_assigner_agrees_with_the_dense_one() -> None:
    generator = torch.Generator().manual_seed(3)
    anchors = [
        torch.stack(torch.meshgrid(*[(torch.arange(160 // s) + 0.5) * s] * 2, indexing="xy"), 2).view(-1, 2)
        for s in (8, 16, 32)
    ]
    points = torch.cat(anchors)
    assert grid_sizes(points, [8.0, 16.0, 32.0]) == [(20, 20), (10, 10), (5, 5)]
    boxes, count, classes = torch.zeros(2, 30, 4), (30, 18), 7
    middle = torch.rand(2, 30, 2, generator=generator) * 150 + 5
    half = torch.rand(2, 30, 2, generator=generator) * 20 + 0.5
    for image, number in enumerate(count):
        boxes[image, :number] = torch.cat((middle - half, middle + half), 2)[image, :number]
    mask = (boxes.sum(2, keepdim=True) > 0).float()
    tags = torch.randint(0, classes, (2, 30, 1), generator=generator)
    near = boxes[:, torch.randint(0, 18, (len(points),), generator=generator)]
    found = near + torch.randn(near.shape, generator=generator) * 3
    scores = torch.rand(2, len(points), classes, generator=generator)
    options = {"topk": 10, "num_classes": classes, "alpha": 0.5, "beta": 6.0, "stride": [8.0, 16.0, 32.0]}
    dense = TaskAlignedAssigner(**options)(scores, found, points, tags, boxes, mask)
    sparse = SparseAssigner(**options)(scores, found, points, tags, boxes, mask)
    assert float(dense[2].sum()) > 5
    torch.testing.assert_close(sparse[2], dense[2].to(scores.dtype), rtol=1e-5, atol=1e-6)
    weighted = dense[2].sum(-1) > 1e-6
    torch.testing.assert_close(sparse[1][weighted], dense[1][weighted])
    assert torch.equal(sparse[4][weighted], dense[4][weighted])
    assert bool(sparse[3][weighted].all())


def test_a_batch_without_symbols_has_no_targets() -> None:
    points = torch.tensor([[4.0, 4.0], [12.0, 4.0], [4.0, 12.0], [12.0, 12.0], [8.0, 8.0]])
    options = {"topk": 10, "num_classes": 3, "alpha": 0.5, "beta": 6.0, "stride": [8.0, 16.0]}
    empty = (torch.zeros(1, 0, 1), torch.zeros(1, 0, 4), torch.zeros(1, 0, 1))
    found = SparseAssigner(**options)(torch.rand(1, 5, 3), torch.rand(1, 5, 4), points, *empty)
    assert float(found[2].sum()) == 0
    assert not bool(found[3].any())


def test_pieces_keep_their_labels_on_the_ink(data: Path) -> None:
    tile = read_tile(list_tiles([data / "tiles"], "train")[0])
    chance = np.random.default_rng(5)
    for _ in range(10):
        piece = cut(tile, 320, Jitter(0.1, 0.2), chance)
        assert piece.image.shape == (320, 320)
        inner = [row for row in piece.rows if row[1:3].min() > 2 and row[3:].max() < 318]
        assert len(inner) > 5
        for _label, left, top, right, bottom in inner:
            middle = piece.image[int((top + bottom) / 2), int((left + right) / 2)]
            assert middle < 128


def test_too_little_of_a_symbol_is_no_label_but_part_of_a_slur_is() -> None:
    rows = np.array(
        [[HEAD, -15, 10, 5, 26], [HEAD, 0, 10, 20, 26], [labels.INDEX["slur"], -300, 40, 30, 60]], np.float32
    )
    kept = clipped(rows, 1.0, 0.0, 0.0, 100)
    assert kept.tolist() == [[HEAD, 0, 10, 20, 26], [labels.INDEX["slur"], 0, 40, 30, 60]]
    assert clipped(np.zeros((0, 5), np.float32), 1.0, 0.0, 0.0, 100).shape == (0, 5)


def test_new_tiles_come_first_in_the_next_pass(data: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "tiles"
    shutil.copytree(data / "tiles", folder)
    order = Endless([folder], 1, repeats=1.0)
    first = [next(order).stem for _ in range(3)]
    assert sorted(first) == ["0", "1", "2"]
    for kind, ending in (("images", "png"), ("labels", "txt")):
        shutil.copyfile(folder / kind / "train" / f"0.{ending}", folder / kind / "train" / f"new.{ending}")
    assert next(order).stem == "new"


def test_tiles_with_rare_symbols_come_more_often(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tiles"
    for kind, ending in (("images", "png"), ("labels", "txt")):
        (folder / kind / "train").mkdir(parents=True)
        for number in range(100):
            (folder / kind / "train" / f"{number}.{ending}").write_text(f"{HEAD} 0.5 0.5 0.1 0.1\n")
    (folder / "labels" / "train" / "7.txt").write_text(f"{HEAD} 0.5 0.5 0.1 0.1\n{HEAD + 1} 0.2 0.5 0.1 0.1\n")
    order = Endless([folder], 1, repeats=3.0)
    names = [next(order).stem for _ in range(102)]
    assert names.count("7") == 3
    assert len(set(names)) == 100
    assert order.weights[HEAD + 1] == pytest.approx(100 * order.weights[HEAD])


def test_a_piece_can_be_placed_on_a_rare_symbol() -> None:
    rows = np.array([[HEAD, 0, 0, 20, 16]] * 50 + [[HEAD + 1, 600, 500, 620, 516]], np.float32)
    tile, weights, chance = (
        Piece(np.full((640, 640), 255, np.uint8), rows),
        np.full(200, 0.01),
        np.random.default_rng(1),
    )
    weights[HEAD + 1] = 100.0
    assert rare_place(tile, weights, chance) == (610.0, 508.0)
    for _ in range(20):
        piece = cut(tile, 256, Jitter(0.1, 0.0), chance, (610.0, 508.0))
        assert HEAD + 1 in piece.rows[:, 0]


def test_training_learns_and_opens_no_socket(
    recipe: DetectorRecipe, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    lines: list[str] = []
    weights = train(recipe, data, tmp_path, lines.append, clock=ticks())
    steps = [json.loads(line) for line in lines[1:]]
    assert [row["step"] for row in steps] == [1, 11]
    assert steps[1]["cls_loss"] < steps[0]["cls_loss"]
    model, found, counts = load_average(weights)
    assert found == recipe
    assert counts["steps"] == 20
    assert not model.training
    state = torch.load(tmp_path / CHECKPOINT, weights_only=True)
    again = train(
        replace(recipe, minutes=recipe.minutes * 1.5), data, tmp_path, lines.append, resume=True, clock=ticks()
    )
    assert state["step"] == 20
    assert load_average(again)[2]["steps"] == 30


def test_resuming_nothing_or_another_recipe_is_refused(recipe: DetectorRecipe, data: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="without --resume"):
        train(recipe, data, tmp_path, lambda _: None, resume=True)


def test_the_same_seed_gives_the_same_network_and_first_loss(recipe: DetectorRecipe, data: Path) -> None:
    images = torch.zeros(1, 1, 64, 64)
    one, other = (start(recipe, [data / "tiles"], None).model for _ in range(2))
    torch.testing.assert_close(raw(one, images)["scores"], raw(other, images)["scores"])
    bias = one.model[-1].cv3[0][-1].bias
    assert int(bias.argmax()) == HEAD  # the only class in the tiles is expected most


def test_the_loss_uses_the_assigner_that_lists_pairs(recipe: DetectorRecipe) -> None:
    assert isinstance(loss_of(new_model(recipe)).assigner, SparseAssigner)


def test_the_rate_rises_and_falls_with_time(recipe: DetectorRecipe) -> None:
    rates = [schedule.rate_at(recipe, share / 100) for share in range(101)]
    peak = rates.index(max(rates))
    assert 2 <= peak <= 4
    assert rates[peak] > 0.99
    assert rates == sorted(rates[:peak]) + sorted(rates[peak:], reverse=True)
    assert rates[-1] == pytest.approx(recipe.final_rate)
    assert [schedule.phase_at(recipe, done).crop for done in (0, 0.49, 0.51, 1.0)] == [64, 64, 96, 96]


def test_tiny_sides_are_learned_longer() -> None:
    least = least_sides({"noteheadFull": (8.0, 6.0)})
    rows = np.array([[HEAD, 10, 10, 14, 30], [HEAD + 1, 10, 10, 14, 30]], np.float32)
    assert widened(rows, least).tolist() == [[HEAD, 8, 10, 16, 30], [HEAD + 1, 10, 10, 14, 30]]


@pytest.mark.parametrize("name", sorted(path.name for path in RECIPES.glob("*.toml") if "box_gain" in path.read_text()))
def test_the_recipes_can_be_read(name: str) -> None:
    recipe = read_recipe(RECIPES / name)
    assert recipe.edition in ("print", "hand")
    assert recipe.licence


def test_a_wrong_recipe_names_file_and_field(tmp_path: Path) -> None:
    text = (RECIPES / "print.toml").read_text()
    for change in (
        ("minutes =", "minuets ="),
        ("crop = 640", "crop = 630"),
        ("share = 0.35", "share = 0.6"),
        ("[[phases]]", "["),
        ("legerLine =", "ledgerLine ="),
        ("legerLine = [8.0, 4.0]", "legerLine = [8.0]"),
        ("model =", "looks = []\nmodel ="),
    ):
        path = tmp_path / "wrong.toml"
        path.write_text(text.replace(*change, 1))
        with pytest.raises(RecipeError, match="wrong.toml"):
            read_recipe(path)


def test_bfloat16_only_where_the_processor_computes_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text("processor : 0\nflags\t\t: fpu avx2 avx512_bf16\n")
    assert "avx512_bf16" in cpu_flags(file)
    for flags, expected in ((frozenset({"avx2"}), "float32"), (frozenset({"amx_bf16"}), "bfloat16")):
        monkeypatch.setattr("training.host.cpu_flags", lambda flags=flags: flags)
        assert best_precision(torch.device("cpu")) == expected


def test_the_exported_file_finds_what_torch_finds_or_is_refused(
    recipe: DetectorRecipe, data: Path, tmp_path: Path
) -> None:
    from omr.models import load_detector

    torch.manual_seed(0)
    model = new_model(recipe)
    _liven(model)
    tiles = [read_tile(path).image for path in list_tiles([data / "tiles"], "train")[:1]]
    measured = Measured(
        figures={"ap50_macro": 0.5}, thresholds={"stem": 0.3}, calibration={"": ((0.1, 0.2), (0.9, 1.0))}
    )
    card = export_detector(model, recipe, tiles, tmp_path, "1.2", {"steps": 1}, lambda _: measured)
    table = json.loads(card.read_text())
    assert card.name == "detector-print-1.2.json"
    assert table["figures"]["ap50_macro"] == 0.5
    assert load_detector(card).thresholds == {"stem": 0.3}
    assert load_detector(card).sides == recipe.sides
    assert load_detector(card).calibration == measured.calibration
    assert all(
        len(node.features) == FEATURES
        for node in detect(tiles[0], load_detector(card, features=True), threshold=0.0)[:5]
    )
    assert card.with_suffix(".onnx").stat().st_size < 8e6
    other = Decoded(new_model(recipe)).eval()
    with pytest.raises(ExportError, match="differs from torch"):
        compare(lambda images: [part + 1.0 for part in other(images)], load_detector(card, features=True), tiles)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["detector-print-1.2.json", "detector-print-1.2.onnx"]


def test_an_exported_detector_is_trained_on_from_where_it_stands(
    recipe: DetectorRecipe, data: Path, tmp_path: Path
) -> None:
    from omr.models import load_detector

    torch.manual_seed(0)
    model = new_model(recipe)
    _liven(model)
    _unsettle(model)
    tiles = [read_tile(path).image for path in list_tiles([data / "tiles"], "train")]
    nothing = Measured(figures={}, thresholds={}, calibration={})
    card = export_detector(model, recipe, tiles, tmp_path, "1", {}, lambda _: nothing)
    run = start(recipe, [data / "tiles"], card)
    compare(Decoded(run.average).eval(), load_detector(card, features=True), tiles)
    assert run.model.training
    pixels = torch.stack([torch.from_numpy(tile)[None].float() / 255 for tile in tiles])
    with torch.no_grad():
        learning = raw(run.model, pixels)["scores"]
        frozen = raw(run.model.eval(), pixels)[1]["scores"]
    assert float((learning - frozen).abs().mean()) < 0.1 * float(frozen.std())  # a batch's own figures change little


def test_a_blend_lies_between_a_run_and_its_start(recipe: DetectorRecipe, data: Path, tmp_path: Path) -> None:
    from training.blend import blend

    ends = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        path = tmp_path / f"{seed}.pt"
        save(path, {"model": new_model(recipe).state_dict(), "recipe": asdict(recipe), "figures": {"steps": 1}})
        ends.append(load_average(path)[0].state_dict())
    model, _, figures = load_average(blend(tmp_path / "1.pt", tmp_path / "0.pt", data, 0.25, tmp_path / "out" / "b.pt"))
    assert figures == {"steps": 1, "blended_share": 0.25}
    blended = model.state_dict()
    for name in ("model.0.conv.weight", "model.22.cv3.0.2.bias"):
        torch.testing.assert_close(blended[name], 0.75 * ends[0][name] + 0.25 * ends[1][name])
    seen: list[torch.Tensor] = []
    normalisation = model.model[0].bn
    normalisation.register_forward_hook(lambda *parts: seen.append(parts[2]))
    tiles = [read_tile(path).image for path in list_tiles([data / "tiles"], "train")]
    with torch.no_grad():
        raw(model.eval(), torch.stack([torch.from_numpy(tile)[None].float() / 255 for tile in tiles]))
    assert float(seen[0].mean(dim=(0, 2, 3)).abs().max()) < 0.05  # its figures are those of the tiles


def test_a_card_of_another_file_or_list_of_classes_is_no_start(
    recipe: DetectorRecipe, data: Path, tmp_path: Path
) -> None:
    nothing = Measured(figures={}, thresholds={}, calibration={})
    tiles = [read_tile(list_tiles([data / "tiles"], "train")[0]).image]
    card = export_detector(new_model(recipe), recipe, tiles, tmp_path, "1", {}, lambda _: nothing)
    table = json.loads(card.read_text())
    for change, message in (
        ({"sha256": "0"}, "not the file that"),
        ({"labels": ["noteheadFull"]}, "not this program's"),
    ):
        card.write_text(json.dumps(table | change))
        with pytest.raises(CheckpointError, match=message):
            start(recipe, [data / "tiles"], card)
    card.write_text(json.dumps(table))
    with pytest.raises(CheckpointError, match="another network"):
        start(replace(recipe, light_head=False), [data / "tiles"], card)
    card.write_text("[")
    with pytest.raises(CheckpointError, match="not the card"):
        start(recipe, [data / "tiles"], card)


def test_export_without_valid_tiles_says_how_to_make_them(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from training.__main__ import main

    assert main(["export", "weights.pt", "--tiles", str(data / "tiles"), "--out", str(data)]) == 2
    assert "--split valid" in capsys.readouterr().err


def _liven(model: torch.nn.Module) -> None:
    """Raise the class biases so that an untrained network sees symbols to compare."""
    for branch in model.model[-1].cv3:
        branch[-1].bias.data[:] = -2.0


def _unsettle(model: torch.nn.Module) -> None:
    """Give the normalisations figures as a run leaves them."""
    generator = torch.Generator().manual_seed(4)
    for layer in model.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.running_mean.copy_(torch.randn(layer.running_mean.shape, generator=generator) * 0.1)
            layer.running_var.copy_(torch.rand(layer.running_var.shape, generator=generator) + 0.5)


def test_a_piece_larger_than_the_tile_is_filled_with_paper() -> None:
    tile = Piece(np.full((640, 640), 200, np.uint8), np.array([[HEAD, 600, 600, 620, 616]], np.float32))
    piece = cut(tile, 704, Jitter(0.0, 0.0), np.random.default_rng(1))
    assert (piece.image == 200).all()
    assert len(piece.rows) == 1
