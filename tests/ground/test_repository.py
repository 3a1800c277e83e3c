"""What holds for the repository as a whole."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from omr.errors import ExitCode, OmrError

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    assert all(len(pair) == 2 for pair in pairs), "every requirement is pinned to one version"
    return {canonical(package): version for package, version in pairs}


def canonical(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def wanted(requirements: list[str]) -> set[str]:
    return {canonical(re.split(r"[<>=\[; ]", requirement)[0]) for requirement in requirements}


def test_locks_hold_what_the_project_asks_for() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    base = wanted(PROJECT["project"]["dependencies"])
    assert base <= set(locked("base"))
    assert base | wanted(extras["dev"]) <= set(locked("dev"))
    assert base | wanted(extras["dev"]) | wanted(extras["train"]) <= set(locked("train"))


def test_locks_agree() -> None:
    base, dev, train = locked("base"), locked("dev"), locked("train")
    assert base.items() <= dev.items()
    differing = {name for name in base.keys() & train.keys() if base[name] != train[name]}
    assert not differing


@pytest.mark.parametrize("name", ["base", "dev"])
def test_recognition_installs_without_torch(name: str) -> None:
    assert not {"torch", "torchvision", "ultralytics", "torch-geometric"} & set(locked(name))


def test_one_opencv_below_5() -> None:
    for name in ("base", "dev", "train"):
        versions = {package: version for package, version in locked(name).items() if package.startswith("opencv")}
        assert list(versions) == ["opencv-python"]
        assert int(versions["opencv-python"].split(".")[0]) < 5


def test_locks_name_no_package_host() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in path.read_text(encoding="utf-8")
        assert "--index" not in path.read_text(encoding="utf-8")


def test_recognition_imports_without_training_or_windows() -> None:
    code = (
        "import sys, omr.pipeline, omr.batch, omr.report, omr.doctor\n"
        "banned = {'torch', 'ultralytics', 'torch_geometric', 'PySide6', 'datasets', 'training', 'music21'}\n"
        "sys.exit(', '.join(sorted(banned & set(sys.modules))) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_the_layers_hold() -> None:
    pytest.importorskip("importlinter")
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def error_classes(base: type[OmrError] = OmrError) -> list[type[OmrError]]:
    return [base, *(leaf for child in base.__subclasses__() for leaf in error_classes(child))]


def test_every_error_has_a_documented_exit_code() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    documented = {int(number) for row in re.findall(r"^\| ([\d, ]+) \|", readme, re.M) for number in row.split(",")}
    assert {int(code) for code in ExitCode} == documented
    assert {leaf.exit_code for leaf in error_classes()} <= set(ExitCode)
