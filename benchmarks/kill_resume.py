"""Runs killed at random moments and resumed: nothing may be lost, done twice, or come out differently."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from omr.batch.work_folder import WORK

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "examples" / "menuet.png"
STRIPS = (300, 800, 1310, 1810)  # rows at which a system of the example begins
HEIGHT = 540
FORMATS = "musicxml,mxl,midi,mung"


def figures(count: int, *, seed: int = 1) -> dict[str, int]:
    """{"runs", "lost", "different_bytes"} of `count` runs over a book of four pages and a picture."""
    chance = np.random.default_rng(seed)
    shown = {"runs": count, "lost": 0, "different_bytes": 0}
    with tempfile.TemporaryDirectory(prefix="omr-kill-") as name:
        folder = Path(name)
        inputs = _inputs(folder)
        start = time.perf_counter()
        _convert(inputs, folder / "whole").communicate()
        whole, length = _files(folder / "whole"), time.perf_counter() - start
        for number in range(count):
            out = folder / f"run-{number}"
            process = _convert(inputs, out)
            time.sleep(float(chance.uniform(0.05, length)))
            process.kill()
            process.communicate()
            _convert(inputs, out, "--resume").communicate()
            found = _files(out)
            shown["lost"] += len(whole.keys() - found.keys())
            shown["different_bytes"] += sum(found[name] != whole.get(name) for name in found)
    return shown


def _inputs(folder: Path) -> list[str]:
    """A book of four systems, one a page, and one of them as a picture."""
    with Image.open(PAGE) as page:
        gray = page.convert("L")
        strips = [gray.crop((0, top, page.width, top + HEIGHT)) for top in STRIPS]
    strips[0].save(folder / "book.tif", save_all=True, append_images=strips[1:])
    strips[2].save(folder / "song.png")
    return [str(folder / "book.tif"), str(folder / "song.png")]


def _convert(inputs: list[str], out: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "omr.cli", "convert", *inputs, "-O", str(out), "--format", FORMATS, "-q", *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _files(folder: Path) -> dict[str, bytes]:
    """Content by name; what is left of the work counts too."""
    found = {path.name: path.read_bytes() for path in folder.glob("*") if path.is_file()}
    return found | ({WORK: b""} if (folder / WORK).exists() else {})
