"""What a user can choose for a conversion: defaults, then a TOML file, then flags."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, cast, get_args

from omr.errors import ConfigError, UsageError

Format = Literal["musicxml", "mxl", "midi", "mei", "pdf", "mung", "project"]
Edition = Literal["print", "hand"]
Device = Literal["cpu", "gpu", "auto"]
Precision = Literal["auto", "f32", "bf16"]
Picture = Literal["overlay", "preview"]
Split = Literal["page", "movement"]

FORMATS: Final = cast(tuple[Format, ...], get_args(Format))
EDITIONS: Final = cast(tuple[Edition, ...], get_args(Edition))
DEVICES: Final = cast(tuple[Device, ...], get_args(Device))
PRECISIONS: Final = cast(tuple[Precision, ...], get_args(Precision))
DPI_RANGE: Final = range(72, 1201)
"""Resolutions at which a PDF page may be drawn."""
KEYS: Final = ("format", "model", "device", "precision", "dpi", "overlay", "preview")
"""Of a configuration file."""
PICTURES: Final = cast(tuple[Picture, ...], get_args(Picture))
SPLITS: Final = cast(tuple[Split, ...], get_args(Split))
MAX_PAGE_NUMBER: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to convert."""

    formats: tuple[Format, ...] = ("musicxml",)
    edition: Edition = "print"
    """Which models read the page."""
    device: Device = "cpu"
    """What the models compute on; "auto" is a GPU where there is one. Only the CPU gives the same bytes everywhere."""
    precision: Precision = "auto"
    """Of the detector's arithmetic; "auto" is bf16 for print where the processor computes in it, else f32."""
    thorough: bool = False
    """Look at each page four times more, and take what three of these looks agree on against the first."""
    dpi: int | None = None
    """At which PDF pages are drawn; None: 300, more where the page is small."""
    pictures: tuple[Picture, ...] = ()
    """PNG files beside the result: the page with what was found, the result engraved."""
    pages: tuple[int, ...] | None = None
    """Page numbers, 1 = first; None: all."""
    password: str | None = None
    split: Split | None = None
    """One result a page or a movement instead of one an input."""


def read_options(path: Path) -> Options:
    """The defaults changed by a TOML file with the keys KEYS; raises ConfigError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not a TOML file ({error}); correct it") from error
    return _options(table, path)


def _options(table: Mapping[str, object], path: Path) -> Options:
    options = Options()
    pictures: list[Picture] = []
    for key, value in table.items():
        if key == "format":
            values = value if isinstance(value, list) else [value]
            options = replace(options, formats=parse_formats(",".join(str(item) for item in values)))
        elif key == "model" and value in EDITIONS:
            options = replace(options, edition=value)
        elif key == "device" and value in DEVICES:
            options = replace(options, device=value)
        elif key == "precision" and value in PRECISIONS:
            options = replace(options, precision=value)
        elif key == "dpi" and type(value) is int and value in DPI_RANGE:
            options = replace(options, dpi=value)
        elif key in PICTURES and isinstance(value, bool):
            pictures.extend([key] * value)
        elif key in ("model", "device", "precision", "dpi", *PICTURES):
            raise ConfigError(f"{path}: {key} = {value!r} is not allowed; see the README for the values")
        else:
            raise ConfigError(f"{path}: unknown key {key!r}; known are {', '.join(KEYS)}")
    return replace(options, pictures=tuple(sorted(pictures)))


def parse_formats(text: str) -> tuple[Format, ...]:
    """The formats in a list such as "musicxml,midi", each once; raises UsageError."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise UsageError(f"unknown format {', '.join(unknown) or repr(text)}; known are {', '.join(FORMATS)}")
    return tuple(cast(Format, name) for name in dict.fromkeys(names))


def parse_dpi(text: str) -> int:
    """A resolution such as "400"; raises UsageError."""
    if not _is_number(text) or int(text) not in DPI_RANGE:
        raise UsageError(f"--dpi {text}: give a number from {DPI_RANGE.start} to {DPI_RANGE.stop - 1}")
    return int(text)


def parse_pages(text: str) -> tuple[int, ...]:
    """Page numbers (1 = first) in a list such as "1-3,7", ascending, each once; raises UsageError."""
    found: set[int] = set()
    for piece in text.split(","):
        first, dash, last = piece.strip().partition("-")
        if not _is_number(first) or (dash and not _is_number(last)):
            raise UsageError(f"--pages {text}: {piece.strip()!r} is not a page; write for instance 1-3,7")
        low, high = int(first), int(last or first)
        if not 1 <= low <= high <= MAX_PAGE_NUMBER:
            raise UsageError(f"--pages {text}: pages count upwards from 1; write for instance 1-3,7")
        found.update(range(low, high + 1))
    return tuple(sorted(found))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(MAX_PAGE_NUMBER))
