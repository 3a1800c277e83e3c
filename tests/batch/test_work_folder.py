"""Work folders: locked, kept for the same work only, gone without a trace."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from omr.batch.work_folder import WorkFolder
from omr.errors import OutputInUseError


def result(work: WorkFolder, *places: Path) -> dict[str, object]:
    files = {}
    for number, place in enumerate(places):
        content = f"music {number}".encode()
        (work.folder / f"file-{number}").write_bytes(content)
        files[f"file-{number}"] = {"path": str(place), "sha256": hashlib.sha256(content).hexdigest()}
    return {"files": files, "row": {"bars": 3}, "messages": []}


def test_two_runs_cannot_write_one_output(tmp_path: Path) -> None:
    work = WorkFolder(tmp_path / "song", {}, resume=False)
    with pytest.raises(OutputInUseError, match="another run"):
        WorkFolder(tmp_path / "song", {}, resume=False)
    WorkFolder(tmp_path / "other", {}, resume=False).remove()
    work.remove()
    assert list(tmp_path.iterdir()) == []


def test_folders_made_for_nothing_are_taken_away(tmp_path: Path) -> None:
    WorkFolder(tmp_path / "a" / "b" / "song", {}, resume=False).remove()
    assert list(tmp_path.iterdir()) == []


def test_kept_pages_are_used_for_the_same_work_only(tmp_path: Path) -> None:
    first = WorkFolder(tmp_path / "song", {"pages": 1}, resume=False)
    first.page(0).write_bytes(b"page")
    first.leave()
    again = WorkFolder(tmp_path / "song", {"pages": 1}, resume=True)
    assert again.has(0)
    again.leave()
    changed = WorkFolder(tmp_path / "song", {"pages": 2}, resume=True)
    assert not changed.has(0)
    changed.page(0).write_bytes(b"page")
    changed.leave()
    assert not WorkFolder(tmp_path / "song", {"pages": 2}, resume=False).has(0)


def test_files_are_handed_over_once_and_checked_later(tmp_path: Path) -> None:
    place = tmp_path / "song.mxl"
    work = WorkFolder(tmp_path / "song", {}, resume=False)
    work.page(0).write_bytes(b"page")
    assert work.hand_over(result(work, place)) == (place,)
    assert place.read_bytes() == b"music 0"
    assert not work.has(0)
    work.leave()
    again = WorkFolder(tmp_path / "song", {}, resume=True)
    found = again.finished()
    assert found is not None
    assert found["row"] == {"bars": 3}
    place.write_bytes(b"changed since")
    assert again.finished() is None
    again.remove()
    assert list(tmp_path.iterdir()) == [place]


def test_a_run_killed_between_two_files_hands_over_the_second(tmp_path: Path) -> None:
    places = (tmp_path / "song.mxl", tmp_path / "song.mid")
    work = WorkFolder(tmp_path / "song", {}, resume=False)
    work.hand_over(result(work, *places))
    places[1].rename(work.folder / "file-1")  # as if it had not been moved
    work.leave()
    again = WorkFolder(tmp_path / "song", {}, resume=True)
    assert again.finished() is not None
    assert places[1].read_bytes() == b"music 1"


def test_any_name_fits(tmp_path: Path) -> None:
    for name in ("x" * 230, "ä" * 120, "a\udcff\n*?", "." * 5):
        work = WorkFolder(tmp_path / name, {}, resume=False)
        assert len(work.folder.name.encode(errors="surrogateescape")) < 100
        work.remove()
    assert list(tmp_path.iterdir()) == []
