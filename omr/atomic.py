"""Writing files whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from omr.errors import InputError, OmrError, PermissionDenied, ResourceError


def write_all(contents: Iterable[tuple[Path, bytes]]) -> tuple[Path, ...]:
    """Writes each (path, content) through a temporary file in the same folder, replacing only when all are complete.

    Raises PermissionDenied, ResourceError or InputError; nothing is left behind then.
    """
    pairs: list[tuple[Path, Path]] = []
    try:
        for path, content in contents:
            pairs.append((_write_temporary(path, content), path))
        for temporary, path in pairs:
            _replace(temporary, path)
    finally:
        for temporary, _ in pairs:
            temporary.unlink(missing_ok=True)
    return tuple(path for _, path in pairs)


def move_all(pairs: Iterable[tuple[Path, Path]]) -> tuple[Path, ...]:
    """Moves each (complete file, its place on the same disk); raises as write_all does."""
    moved = []
    for complete, path in pairs:
        make_folder(path.parent)
        _replace(complete, path)
        moved.append(path)
    return tuple(moved)


def make_folder(path: Path) -> None:
    """Makes `path` and what it lies in; raises as write_all does."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error


def _write_temporary(path: Path, content: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:50]}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o666 & ~_umask())
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise cannot_write(path, error) from error
    return temporary


def _replace(temporary: Path, path: Path) -> None:
    try:
        temporary.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def cannot_write(path: Path, error: OSError) -> OmrError:
    """What to tell the user of a failure to write `path`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ResourceError(f"{path}: the disk is full; free some space")
    if isinstance(error, PermissionError):
        return PermissionDenied(f"{path}: may not be written; choose another folder with -o")
    return InputError(f"{path}: cannot be written ({error.strerror}); choose another place with -o")
