"""A journal of edits: what changed since a document was last saved, one line an edit, so that a crash loses nothing.

Each line is complete when it ends in a newline and its check number is right; what follows a torn line is lost, what stands
before it is not. An edit is the difference of two JSON documents.
"""

from __future__ import annotations

import errno
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from omr.errors import InputError, OmrError, PermissionDenied, ResourceError

Json = Any

GONE: Final = {"-": 1}
"""Stands in a difference for a key that is no more; no document has such a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What a journal says."""

    base: str
    """Path of the project it goes on from, as text; empty: a document never saved."""
    token: str
    """Of the saving it goes on from; empty: none."""
    edits: tuple[Json, ...]


def difference(before: Json, after: Json) -> Json:
    """What turns `before` into `after`: objects key by key, all else whole; {} for no change."""
    changes = {key: GONE for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if key in before and old == value:
            continue
        nested = isinstance(value, dict) and isinstance(old, dict)
        changes[key] = {"~": difference(old, value)} if nested else {"=": value}
    return changes


def applied(before: Json, changes: Json) -> Json:
    """The document after the edit `changes`."""
    found = dict(before)
    for key, change in changes.items():
        if change == GONE:
            found.pop(key, None)
        elif "~" in change:
            found[key] = applied(found.get(key, {}), change["~"])
        else:
            found[key] = change["="]
    return found


def begin(path: Path, base: str, token: str) -> None:
    """Starts the journal at `path` anew; raises ResourceError, PermissionDenied or InputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".part")
        temporary.write_bytes(_line({"base": base, "token": token}))
        temporary.replace(path)
    except OSError as error:
        raise _cannot(path, error) from error


def append(path: Path, changes: Mapping[str, Json]) -> None:
    """Adds an edit, on the disk when this returns; raises ResourceError, PermissionDenied or InputError."""
    try:
        with path.open("ab") as file:
            file.write(_line(changes))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _cannot(path, error) from error


def read_journal(path: Path) -> Journal:
    """The journal up to its first torn or damaged line; raises InputError when not even its beginning can be read."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except OSError as error:
        raise InputError(f"{path}: the journal cannot be read ({error.strerror})") from error
    entries = []
    for line in lines:
        entry = _entry(line)
        if entry is None:
            break
        entries.append(entry)
    if not entries or not isinstance(entries[0].get("base"), str) or not isinstance(entries[0].get("token"), str):
        raise InputError(f"{path}: is no journal of edits, or its beginning is damaged")
    return Journal(base=entries[0]["base"], token=entries[0]["token"], edits=tuple(entries[1:]))


def _line(entry: Mapping[str, Json]) -> bytes:
    text = json.dumps(entry, separators=(",", ":")).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _entry(line: bytes) -> Any:
    check, _, text = line.partition(b" ")
    try:
        return json.loads(text) if int(check, 16) == zlib.crc32(text) else None
    except ValueError:
        return None


def _cannot(path: Path, error: OSError) -> OmrError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ResourceError(f"{path}: the disk is full; edits are kept in memory only")
    if isinstance(error, PermissionError):
        return PermissionDenied(f"{path}: may not be written; edits are kept in memory only")
    return InputError(f"{path}: cannot be written ({error.strerror}); edits are kept in memory only")
