"""A trained linker as an ONNX file, refused unless the runtime computes what torch computes.

Scatter operators have been exported silently wrong and have raced in threaded runtimes, so the file is compared with torch on
random graphs whose symbols are the target of many pairs, on one pair and on none, several times with the runtime's own threads.
Run as `python -m training.linker_export RECIPE.toml CHECKPOINT.pt OUT_DIR [FIGURES.json]`: writes NAME-VERSION.onnx and its
card.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import torch
from openvino import Core

from omr.features import EDGE_FEATURES, NODE_FEATURES
from omr.labels import DETECTED
from omr.models import ModelCard
from omr.proximity import DEFAULT_STAFF_SPACE
from training.linker import Linker, LinkerProbabilities
from training.linker_train import Recipe, read_recipe

OPSET = 18
TOLERANCE = 1e-4
REPETITIONS = 3
GRAPHS = ((600, 4000), (5, 200), (2, 1), (1, 0), (3000, 20000))
"""(symbols, pairs) of the graphs compared."""

Graph = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


class ExportMismatchError(Exception):
    """The exported file does not compute what the trained network computes."""


def export_linker(linker: Linker, path: Path) -> float:
    """Write the network to `path` and return the largest difference seen; ExportMismatchError when it is too large."""
    model = LinkerProbabilities(linker).eval()
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        draft = Path(folder) / "draft.onnx"
        write_onnx(model, draft)
        worst = largest_difference(model, draft)
        if not worst <= TOLERANCE:
            raise ExportMismatchError(
                f"{path.name}: the runtime differs from torch by {worst:.2g}, allowed {TOLERANCE:.0e}"
            )
        draft.replace(path)
    return worst


def write_card(model: Path, recipe: Recipe, figures: Mapping[str, object]) -> Path:
    """Write the card of an exported model beside it and return its path."""
    card = ModelCard(
        name=recipe.name,
        version=recipe.version,
        sha256=hashlib.sha256(model.read_bytes()).hexdigest(),
        labels=DETECTED,
        staff_space=DEFAULT_STAFF_SPACE,
        tile=0,
        data=recipe.data,
        licence=recipe.licence,
        recipe={
            key: value for key, value in asdict(recipe).items() if key not in ("name", "version", "licence", "data")
        },
        figures=dict(figures),
    )
    path = model.with_suffix(".json")
    draft = path.with_name(path.name + ".part")
    draft.write_text(json.dumps(asdict(card), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(path)
    return path


def write_onnx(model: LinkerProbabilities, path: Path) -> None:
    """One file with inputs symbols, pairs, geometry and output probabilities, for any number of symbols and pairs."""
    extra = model.linker.config.features
    symbols, pairs = torch.export.Dim("symbols", min=1), torch.export.Dim("count", min=0)
    program = torch.onnx.export(
        model,
        random_graph(7, 30, seed=0, extra=extra),
        dynamo=True,
        opset_version=OPSET,
        input_names=["symbols", "pairs", "geometry"],
        output_names=["probabilities"],
        dynamic_shapes=({0: symbols}, {1: pairs}, {0: pairs}),
        verbose=False,
    )
    graph = program.model_proto
    _forget_sources(graph)
    onnx.save(graph, str(path))


def _forget_sources(model: onnx.ModelProto) -> None:
    """Removes the exporter's notes on where each node came from: they name files of the machine that exported."""
    owners = [model.graph, *model.functions]
    nodes = [node for owner in owners for node in owner.node]
    values = [*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer]
    for thing in (model, *owners, *nodes, *values):
        del thing.metadata_props[:]
        thing.doc_string = ""


def largest_difference(model: LinkerProbabilities, path: Path) -> float:
    """Largest difference of a probability between torch and OpenVINO in float32 over GRAPHS, each REPETITIONS times."""
    compiled = Core().compile_model(str(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    worst = 0.0
    for seed, (symbols, pairs) in enumerate(GRAPHS):
        graph = random_graph(symbols, pairs, seed=seed, extra=model.linker.config.features)
        with torch.no_grad():
            expected = model(*graph).numpy()
        for _ in range(REPETITIONS):
            found = compiled([tensor.numpy() for tensor in graph])[0]
            if found.shape != expected.shape or not np.isfinite(found).all():
                return float("inf")
            worst = max(worst, float(np.abs(found - expected).max(initial=0.0)))
    return worst


def random_graph(symbols: int, pairs: int, *, seed: int, extra: int = 0) -> Graph:
    """A graph of the given size in which a tenth of the symbols, at least one, is the target of half the pairs."""
    generator = torch.Generator().manual_seed(seed)
    source = torch.randint(0, symbols, (pairs,), generator=generator)
    target = torch.randint(0, symbols, (pairs,), generator=generator)
    target[::2] = target[::2] % max(1, symbols // 10)
    features = torch.rand((symbols, NODE_FEATURES + extra), generator=generator)
    geometry = torch.randn((pairs, EDGE_FEATURES), generator=generator)
    return features, torch.stack([source, target]), geometry


def main(arguments: Sequence[str]) -> int:
    """Export one checkpoint with its card."""
    recipe_path, checkpoint, out = (Path(argument) for argument in arguments[:3])
    recipe = read_recipe(recipe_path)
    linker = Linker(recipe.config)
    linker.load_state_dict(torch.load(checkpoint, weights_only=True)["model"])
    model = out / f"{recipe.name}-{recipe.version}.onnx"
    difference = export_linker(linker, model)
    figures = json.loads(Path(arguments[3]).read_text(encoding="utf-8")) if len(arguments) > 3 else {}
    print(write_card(model, recipe, {"largest_export_difference": difference, **figures}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
