"""Outputs are written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from omr.atomic import write_all
from omr.errors import InputError, OmrError, PermissionDenied, ResourceError


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_and_their_folders_are_made(tmp_path: Path) -> None:
    written = write_all([(tmp_path / "deep/er/a.xml", b"a"), (tmp_path / "b.xml", b"b")])
    assert written == (tmp_path / "deep/er/a.xml", tmp_path / "b.xml")
    assert contents(tmp_path) == {"a.xml": b"a", "b.xml": b"b"}


def test_permissions_are_those_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_all([(tmp_path / "a.xml", b"")])
    assert (tmp_path / "a.xml").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_failure_leaves_the_old_files_and_nothing_new(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"old")
    (tmp_path / "file").write_bytes(b"in the way")
    with pytest.raises(OmrError):
        write_all([(tmp_path / "a.xml", b"new"), (tmp_path / "file" / "b.xml", b"new")])
    assert contents(tmp_path) == {"a.xml": b"old", "file": b"in the way"}


def test_a_target_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.xml").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_all([(tmp_path / "a.xml", b"new")])
    assert list(tmp_path.iterdir()) == [tmp_path / "a.xml"]


@pytest.mark.parametrize(
    ("number", "expected"), [(errno.ENOSPC, ResourceError), (errno.EACCES, PermissionDenied), (errno.EIO, InputError)]
)
def test_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, expected: type[OmrError]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fdopen", fail)
    with pytest.raises(expected, match=r"a\.xml"):
        write_all([(tmp_path / "a.xml", b"new")])
    assert not list(tmp_path.iterdir())
