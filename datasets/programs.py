"""Programs of other makers, run without a display and with an end."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PACKAGES: Final = {
    "mscore3": "musescore3", "lilypond": "lilypond", "musicxml2ly": "lilypond",
}  # fmt: skip


class ProgramError(Exception):
    """A program is missing, fails or does not end; says which and what to do."""


def run(command: Sequence[str], folder: Path, *, patience: float) -> str:
    """Standard error of a command run in `folder` for at most `patience` seconds; raises ProgramError."""
    program = command[0]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            timeout=patience,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError as error:
        raise ProgramError(f"{program} is not installed: apt-get install {PACKAGES.get(program, program)}") from error
    except subprocess.TimeoutExpired as error:
        raise ProgramError(f"{program} took more than {patience:g} s") from error
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ProgramError(f"{program} failed: {' '.join(last)}") from error
    return done.stderr.decode("utf-8", "replace")
