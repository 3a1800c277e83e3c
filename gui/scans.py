"""The pages of scanned files, before they are part of a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from omr.errors import EncryptedError, OmrError
from omr.page import count_pages


@dataclass(frozen=True, slots=True)
class Scan:
    """One page of a file."""

    source: str
    index: int
    """0 = first of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What some files hold."""

    scans: tuple[Scan, ...]
    """Pages of the files that could be opened, in order."""
    failures: tuple[str, ...]
    """Why others cannot be opened, one line each."""
    locked: tuple[Path, ...]
    """Files that need a password, or another one than is known."""


def scans_in(paths: Sequence[Path], passwords: Mapping[str, str]) -> Found:
    """The pages of files; `passwords` are those known by the file's name as the user gave it."""
    scans: list[Scan] = []
    failures: list[str] = []
    locked: list[Path] = []
    for path in paths:
        try:
            count = count_pages(path, password=passwords.get(str(path)))
            scans.extend(Scan(str(path), index) for index in range(count))
        except EncryptedError:
            locked.append(path)
        except OmrError as error:
            failures.append(str(error))
    return Found(scans=tuple(scans), failures=tuple(failures), locked=tuple(locked))
