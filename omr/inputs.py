"""What the user names as input, as files: single files, folders, patterns, and `-` for standard input."""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from omr.addresses import address_of, files_below
from omr.atomic import cannot_write
from omr.errors import InputError, PermissionDenied

STANDARD_INPUT: Final = "-"
SUFFIXES: Final = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"})
"""Of the files that are taken from a folder."""
OWN_PICTURES: Final = re.compile(r"\.(overlay|preview(-\d+)?)\.png$")
PATTERN: Final = re.compile(r"[*?[]")


@dataclass(frozen=True, slots=True)
class Input:
    """A file to convert."""

    path: Path
    below: Path = Path()
    """Where its folder lies below the folder that was named."""


def natural_key(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Sorts p2 before p10."""
    pieces = re.split(r"(\d+)", str(path))
    return tuple((1, int(piece), "") if piece.isdecimal() else (0, 0, piece.casefold()) for piece in pieces if piece)


def find_inputs(named: Iterable[str], *, recursive: bool = False, spool: Path | None = None) -> tuple[Input, ...]:
    """The files that are meant, each once, in natural order; those of folders by their suffix.

    Standard input is kept as a file in the folder `spool`. Raises InputError, PermissionDenied; that a single file exists is
    not checked here.
    """
    found: dict[Path, Input] = {}
    for name in named:
        for one in _meant(name, recursive=recursive, spool=spool):
            found.setdefault(one.path, one)
    return tuple(sorted(found.values(), key=lambda one: (natural_key(one.path), str(one.path))))


def _meant(name: str, *, recursive: bool, spool: Path | None) -> Iterator[Input]:
    path = Path(name)
    if address_of(name) is not None:
        yield from _elsewhere(name)
    elif name == STANDARD_INPUT and spool is not None:
        yield Input(_standard_input(spool))
    elif path.is_dir():
        yield from _in_folder(path, recursive=recursive)
    elif PATTERN.search(name) and not path.exists():
        matching = [Path(match) for match in glob.glob(name, recursive=True)]  # noqa: PTH207  Path.glob refuses absolute ones
        if not matching:
            raise InputError(f"{name}: no file matches this pattern; check it")
        for match in matching:
            if match.is_file():
                yield Input(match)
    else:
        yield Input(path)


def _in_folder(folder: Path, *, recursive: bool) -> Iterator[Input]:
    """Page images and PDFs in a folder; links to folders are not followed and hidden files left out."""

    def refuse(error: OSError) -> None:
        raise PermissionDenied(f"{error.filename}: may not be read; change its permissions") from error

    count = 0
    for place, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")] if recursive else []
        for name in files:
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith(".") and not OWN_PICTURES.search(name):
                count += 1
                yield Input(Path(place) / name, Path(place).relative_to(folder))
    if not count:
        more = "" if recursive else ", or give --recursive for the folders in it"
        raise InputError(f"{folder}: this folder holds no page images or PDFs; name another{more}")


def _elsewhere(address: str) -> Iterator[Input]:
    """Page images and PDFs at an address, the file itself or everything below it."""
    found = files_below(address)
    if found == [address]:
        yield Input(Path(address))
        return
    base = address.rstrip("/") + "/"
    pages = [name for name in found if Path(name).suffix.lower() in SUFFIXES and not OWN_PICTURES.search(name)]
    if not pages:
        raise InputError(f"{address}: there are no page images or PDFs; check the address")
    for name in pages:
        yield Input(Path(name), Path(name.removeprefix(base)).parent)


def _standard_input(spool: Path) -> Path:
    path = spool / "stdin"
    try:
        with path.open("wb") as file:
            while block := sys.stdin.buffer.read(1 << 20):
                file.write(block)
    except OSError as error:
        raise cannot_write(path, error) from error
    return path
