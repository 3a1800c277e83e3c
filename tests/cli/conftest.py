"""Running the command in this process, and pages to run it on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from omr.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "menuet.png"


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def paths(self) -> list[Path]:
        return [Path(line) for line in self.out.splitlines()]


Run = Callable[..., Result]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `omr` with arguments; argparse's own exits count as results."""

    def call(*arguments: str | Path) -> Result:
        capfd.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capfd.readouterr()
        return Result(int(code), out, err)

    return call


@pytest.fixture
def small_page(tmp_path: Path) -> Path:
    """The first two systems of the example."""
    path = tmp_path / "small.png"
    with Image.open(EXAMPLE) as page:
        page.convert("L").crop((0, 300, page.width, 1350)).save(path)
    return path
