"""Files elsewhere: addresses such as s3://bucket/page.png that fsspec can open, kept as paths until they are needed.

`Path` writes s3:/bucket/page.png; the second slash comes back here. Only cluster installations bring fsspec.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from omr.errors import DependencyError, InputError, OmrError, PermissionDenied

ADDRESS: Final = re.compile(r"^([a-z][a-z0-9+]+):/+(?=[^/])")  # two letters at least: C:/ is a drive


def address_of(path: Path | str) -> str | None:
    """The address that `path` stands for, None for a file of this machine."""
    text = str(path)
    match = ADDRESS.match(text)
    return f"{match[1]}://{text[match.end() :]}" if match else None


@contextmanager
def at_hand(path: Path) -> Iterator[Path]:
    """The file on this machine, fetched where it lies elsewhere; errors name the address."""
    address = address_of(path)
    if address is None:
        yield path
        return
    local = _fetched(address)
    try:
        yield local
    except OmrError as error:
        raise type(error)(str(error).replace(str(local), address)) from error


def files_below(address: str) -> list[str]:
    """Addresses of the files in a folder and the folders in it, or of the one file; raises InputError."""
    system, place = _opened(address)
    try:
        found = [place] if system.isfile(place) else sorted(system.find(place))
    except Exception as error:  # every kind of storage raises its own
        raise InputError(
            f"{address}: cannot be listed ({_one_line(error)}); check the address and your access"
        ) from error
    return [str(system.unstrip_protocol(name)) for name in found]


def publish(local: Path, address: str) -> None:
    """Puts a file where `address` says, replacing what is there; raises PermissionDenied."""
    system, place = _opened(address)
    try:
        system.put_file(str(local), place)
    except Exception as error:  # every kind of storage raises its own
        raise PermissionDenied(
            f"{address}: cannot be written ({_one_line(error)}); check the address and your access"
        ) from error


@lru_cache(maxsize=1)
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="omr-fetched-")


@lru_cache(maxsize=1)  # the pages of one file come one after the other
def _fetched(address: str) -> Path:
    system, place = _opened(address)
    for earlier in Path(_folder().name).iterdir():
        earlier.unlink()
    local = Path(_folder().name) / re.sub(r"[^\w.-]", "_", address.rsplit("/", 1)[-1])[-100:]
    try:
        system.get_file(place, str(local))
    except Exception as error:  # every kind of storage raises its own
        raise InputError(
            f"{address}: cannot be read ({_one_line(error)}); check the address and your access"
        ) from error
    return local


def _opened(address: str) -> tuple[Any, str]:
    try:
        import fsspec

        system, place = fsspec.core.url_to_fs(address)
    except ImportError as error:
        raise DependencyError(
            f"{address}: needs more packages ({_one_line(error)}); pip install 'scorewright[cluster]'"
        ) from error
    except ValueError as error:
        raise InputError(f"{address}: no such kind of address ({_one_line(error)}); check it") from error
    return system, place


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
