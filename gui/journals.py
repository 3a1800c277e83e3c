"""Where the edits of documents that were never saved are journalled, and which of them a crash left behind.

Each running program has a folder of its own and locks it; a folder nobody locks belongs to a program that ended badly.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLockFile, QStandardPaths

from gui.keeping import recoverable
from omr.errors import InputError
from omr.files.journal import read_journal

LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Lost:
    """Work that no file holds yet."""

    journal: Path
    name: str
    """Of the document, for people."""
    when: datetime
    """Of the last edit, local time."""
    edits: int


class Journals:
    """The folder of this program, and what others left."""

    def __init__(self, root: Path | None = None) -> None:
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
        self._root = root if root is not None else Path(place) / "unsaved"
        self.folder = self._root / secrets.token_hex(6)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._locks = [_lock(self.folder)]

    def lost(self, projects: Collection[Path] = ()) -> tuple[Lost, ...]:
        """What a crash left behind, the newest first; of these projects too."""
        found = list(recoverable(self.folder, projects))
        for folder in sorted(path for path in self._root.iterdir() if path.is_dir() and path != self.folder):
            lock = _lock(folder)
            if lock.isLocked():
                own = recoverable(folder)
                found.extend(own)
                if own:
                    self._locks.append(lock)
                else:
                    _remove(folder, lock)
        return tuple(sorted(map(_lost, found), key=lambda lost: lost.when, reverse=True))

    def close(self) -> None:
        """Gives the folders up; those that are empty go."""
        for lock in self._locks:
            _remove(Path(lock.fileName()).parent, lock)
        self._locks.clear()


def _lock(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)  # stale only when its program is gone
    lock.tryLock(0)
    return lock


def _remove(folder: Path, lock: QLockFile) -> None:
    lock.unlock()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _lost(journal: Path) -> Lost:
    when = datetime.fromtimestamp(journal.stat().st_mtime).astimezone()
    try:
        read = read_journal(journal)
    except InputError:
        return Lost(journal, journal.name, when, 0)
    return Lost(
        journal, Path(read.base).stem if read.base else "a document that was never saved", when, len(read.edits)
    )
