"""A watched inbox: complete files once, links never, restarts lose and repeat nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from omr.batch.outcome import Outcome
from omr.batch.settings import Settings
from omr.config import Options
from omr.errors import ExitCode, InputError, UsageError
from omr.watch import LIST, Watched, watch
from tests.cli.conftest import Run


class Log:
    """Remembers what came of each input."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    def planned(self, pages: int) -> None:
        return None

    def page_done(self) -> None:
        return None

    def finished(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)


def looks(folders: Watched, *steps: Callable[[], object]) -> list[str]:
    """Names and outcomes after looking at the inbox with each of `steps` between two looks."""
    log = Log()
    waiting = iter(steps)

    def between(_: float) -> None:
        next(waiting, lambda: None)()

    watch(folders, Options(), Settings(workers=1), log, rounds=len(steps) + 1, sleep=between)
    return [f"{Path(outcome.source).name} {outcome.status}" for outcome in log.outcomes]


def test_what_arrives_is_converted_once_and_complete(tmp_path: Path, small_page: Path) -> None:
    inbox, outbox = tmp_path / "in", tmp_path / "out"
    (inbox / "box").mkdir(parents=True)
    (inbox / "bad.png").write_bytes(b"no picture")
    (inbox / "link.png").symlink_to(small_page)
    (inbox / "notes.txt").touch()
    folders = Watched(inbox=inbox, outbox=outbox, settle=1e-9)
    half = small_page.read_bytes()[:5000]

    def begin() -> None:
        (inbox / "box" / "song.png").write_bytes(half)

    def complete() -> None:
        shutil.copy(small_page, inbox / "box" / "song.png")

    found = looks(folders, lambda: None, begin, complete, lambda: None, lambda: None)
    assert found == ["bad.png failed", "song.png ok"]
    assert sorted(str(path.relative_to(outbox)) for path in outbox.rglob("*") if path.is_file()) == [
        LIST,
        "box/song.musicxml",
    ]
    assert looks(folders, lambda: None) == []  # a restart
    (outbox / LIST).write_text("{", encoding="utf-8")
    shutil.rmtree(inbox / "box")
    assert looks(folders, lambda: None) == ["bad.png failed"]


def test_folders_that_cannot_be_watched(tmp_path: Path, run: Run) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "in")
    for outbox in ("in", "in/out", "link", "link/out"):
        with pytest.raises(UsageError):
            Watched(inbox=tmp_path / "in", outbox=tmp_path / outbox)
    for inbox in ("link", "nowhere"):
        with pytest.raises(InputError):
            Watched(inbox=tmp_path / inbox, outbox=tmp_path / "out")
    assert run("watch", tmp_path / "in", tmp_path / "in" / "out").code == ExitCode.USAGE
