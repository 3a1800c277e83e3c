"""What is done and not yet handed over: a hidden folder beside the output, from which a killed run goes on.

`.omr-work/NAME-HASH/` holds the recognised pages of one output, then its finished files, and at last only what became of it. A
lock file beside it keeps two runs apart; the system gives it back when its owner dies. Everything in it is written whole or not
at all, and it is used again only when input, options and models are the same (`key`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from omr.atomic import cannot_write, make_folder, move_all, write_all
from omr.errors import OutputInUseError

WORK: Final = ".omr-work"
KEY: Final = "key.json"
DONE: Final = "done.json"
PAGE_SUFFIX: Final = ".npz"
EMPTY_SUFFIX: Final = ".empty"


class WorkFolder:
    """The work folder of the output `stem`, locked; raises OutputInUseError, PermissionDenied, ResourceError."""

    def __init__(self, stem: Path, key: Mapping[str, object], *, resume: bool) -> None:
        self.stem = stem
        self._made = _missing(stem.parent)
        self.folder = _folder_of(stem)
        make_folder(self.folder.parent)
        self._lock = FileLock(self.folder.with_name(f"{self.folder.name}.lock"))
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise OutputInUseError(
                f"{stem}: another run is writing it; wait for it, or name another folder with -o"
            ) from error
        except OSError as error:
            raise cannot_write(stem, error) from error
        wanted = json.dumps(dict(key), sort_keys=True)
        if not (resume and _read(self.folder / KEY) == wanted):
            shutil.rmtree(self.folder, ignore_errors=True)
            write_all([(self.folder / KEY, wanted.encode())])

    @staticmethod
    def left_at(stem: Path) -> bool:
        """Whether an earlier run left its work on the output `stem`."""
        return (_folder_of(stem) / KEY).exists()

    def page(self, position: int) -> Path:
        """Where a recognised page is kept."""
        return self.folder / f"page-{position + 1:05d}{PAGE_SUFFIX}"

    def empty(self, position: int) -> Path:
        """The mark of a page without staves."""
        return self.folder / f"page-{position + 1:05d}{EMPTY_SUFFIX}"

    def has(self, position: int) -> bool:
        return self.page(position).exists() or self.empty(position).exists()

    def hand_over(self, result: Mapping[str, Any]) -> tuple[Path, ...]:
        """Moves finished files to their places and remembers `result`: {"files": {name: {"path", "sha256"}}, ...}."""
        write_all([(self.folder / DONE, json.dumps(dict(result)).encode())])
        paths = self._moved(result)
        for path in (*self.folder.glob(f"*{PAGE_SUFFIX}"), *self.folder.glob(f"*{EMPTY_SUFFIX}")):
            path.unlink(missing_ok=True)
        return paths

    def finished(self) -> dict[str, Any] | None:
        """What hand_over remembered, its files in place and unchanged; None when there is something to do."""
        text = _read(self.folder / DONE)
        if text is None:
            return None
        result: dict[str, Any] = json.loads(text)
        self._moved(result)
        if all(_digest(Path(file["path"])) == file["sha256"] for file in result["files"].values()):
            return result
        (self.folder / DONE).unlink()
        return None

    def _moved(self, result: Mapping[str, Any]) -> tuple[Path, ...]:
        pairs = [(self.folder / name, Path(file["path"])) for name, file in result["files"].items()]
        move_all(pair for pair in pairs if pair[0].exists())
        return tuple(path for _, path in pairs)

    def leave(self) -> None:
        """Gives the lock back and keeps everything for another run."""
        self._lock.release(force=True)

    def remove(self) -> None:
        """Takes everything away, also the folders that were made for it and are empty, and gives the lock back.

        Leaves everything to another run that began on the same output since the lock was given back.
        """
        try:
            self._lock.acquire(timeout=0)
        except (Timeout, OSError):
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release(force=True)
        with contextlib.suppress(OSError):
            self.folder.parent.rmdir()
            for folder in self._made:
                folder.rmdir()


def _folder_of(stem: Path) -> Path:
    """Short enough for every file system, whatever the name."""
    name = stem.name.encode(errors="surrogateescape")
    shown = "".join(letter if letter.isalnum() else "-" for letter in stem.name[:30])
    return stem.parent / WORK / f"{shown}-{hashlib.sha256(name).hexdigest()[:12]}"


def _missing(folder: Path) -> list[Path]:
    """The folders that have to be made for `folder` to be there, innermost first."""
    return [path for path in (folder, *folder.parents) if not path.exists()]


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
