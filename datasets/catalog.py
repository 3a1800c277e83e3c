"""The cards of the data sets: what each is, where it comes from, what may be done with it, and what for."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "cards"
BLOCK: Final = 1 << 20  # bytes read at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """One file of a data set as its publisher or we packed it."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One data set."""

    name: str
    title: str
    home: str
    """Project and, where it has one, repository."""
    licence: str
    """SPDX identifier."""
    use: str
    training: bool
    """Whether models may learn from it."""
    editions: tuple[str, ...]
    """Editions of the models that may learn from it: print, hand."""
    archives: tuple[Archive, ...]


@lru_cache(maxsize=1)
def cards() -> tuple[Card, ...]:
    """Every card, by name; raises KeyError or ValueError naming the file when a card is incomplete."""
    return tuple(sorted((read_card(path) for path in FOLDER.glob("*.toml")), key=lambda card: card.name))


def read_card(path: Path) -> Card:
    """The card in one TOML file; raises ValueError when a field is missing."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return Card(
            name=path.stem,
            title=table["title"],
            home=table["home"],
            licence=table["licence"],
            use=table["use"],
            training=table["training"],
            editions=tuple(table["editions"]),
            archives=tuple(Archive(name=entry["name"], sha256=entry["sha256"]) for entry in table.get("archives", ())),
        )
    except KeyError as error:
        raise ValueError(f"{path}: the card lacks {error}") from error


def is_intact(path: Path, archive: Archive) -> bool:
    """Whether the file at `path` is the archive of the card, byte for byte."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest() == archive.sha256
