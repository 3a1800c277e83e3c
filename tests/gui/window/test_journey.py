"""A whole journey through the real program with the real models, a crash in the middle of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from omr.files.read_musicxml import read_musicxml
from omr.self_test import PAGE

ROOT = Path(__file__).parents[3]


def travel(part: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM_PLUGIN_PATH"} | {
        "QT_QPA_PLATFORM": "offscreen", "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, str(Path(__file__).with_name("journey.py")), part, str(folder)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.slow
def test_open_fix_save_crash_recover_export(tmp_path: Path) -> None:
    Image.open(PAGE).convert("L").save(tmp_path / "scan.pdf", resolution=200.0)
    crashed = travel("first", tmp_path)
    assert crashed.returncode == -signal.SIGKILL, crashed.stderr
    ended = travel("second", tmp_path)
    assert ended.returncode == 0, ended.stderr
    score = read_musicxml(tmp_path / "out" / "piece.musicxml")
    assert (tmp_path / "out" / "piece.mxl").is_file()
    assert len(score.parts[0].measures) == 5
    assert not list(tmp_path.glob(".piece.omr*journal")), "what is saved needs no recovery"
