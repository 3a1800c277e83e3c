"""Pages whose symbols are known: LilyPond's held-out pages with every box, and pieces of real scans labelled by eye.

LilyPond's pages are drawn from its own outlines, half of them as a scanner would give them, and kept in the cache folder. The
labels of the scans are committed (benchmarks/hand_labelled), the scans are read from the data folder; words are not labelled.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks import lilypond_classes, lilypond_svg
from benchmarks.engrave_held_out import chosen
from benchmarks.engravers import EngravingError
from benchmarks.engravers import lilypond_svg as engraved_svg
from benchmarks.excerpts import LIST, SYMBOLS, Excerpt, read_excerpt
from benchmarks.png import png
from benchmarks.scan import looked
from datasets.synthetic import raster
from datasets.synthetic.scene import Scene
from omr.atomic import write_all
from omr.geometry import Box
from omr.notation import Node

HAND_LABELLED: Final = Path(__file__).parent / "hand_labelled"
STAFF_SPACE: Final = 20.0  # pixels, about 300 dots an inch
UNLABELLED: Final = ("text", "metronomeMark")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPage:
    """A picture and the symbols in a part of it."""

    name: str
    picture: Path
    symbols: tuple[Node, ...]
    """Boxes in pixels of the picture."""
    frame: Box
    """Everything that has its centre in here is labelled."""


def hand_labelled(scans: Path) -> tuple[LabelledPage, ...]:
    """The labelled pieces of the scans in the folder `scans`; raises FileNotFoundError when a scan is not there."""
    found = []
    for path in sorted(HAND_LABELLED.glob("*.json")):
        picture = scans / f"{path.stem}.png"
        if not picture.is_file():
            raise FileNotFoundError(f"{picture}: the scan that {path.name} labels is not there")
        found.append(_read(path, picture))
    return tuple(found)


def lilypond_pages(
    scores: Path, cache: Path, limit: int | None = None
) -> tuple[tuple[LabelledPage, ...], tuple[str, ...]]:
    """The pages of the first `limit` LilyPond excerpts, drawn where they are missing, and what could not be made.

    Without a limit also those of the list of symbols.
    """
    folder = cache / f"labelled-{_digest()}"
    folder.mkdir(parents=True, exist_ok=True)
    found, failures = [], []
    more = chosen("lilypond", None, SYMBOLS) if limit is None else ()
    for excerpt in (*chosen("lilypond", limit), *more):
        picture = folder / f"{excerpt.name}.png"
        try:
            found.append(_draw(excerpt, _svg(excerpt, scores, picture.with_suffix(".svg")), picture))
        except EngravingError as error:
            failures.append(f"{excerpt.name}: {error}")
    return tuple(found), tuple(failures)


def _digest() -> str:
    named = " ".join(lilypond_classes.GROBS.named).encode()
    return hashlib.sha256(LIST.read_bytes() + SYMBOLS.read_bytes() + b"\0" + named).hexdigest()[:12]


def _svg(excerpt: Excerpt, scores: Path, kept: Path) -> bytes:
    if not kept.is_file():
        write_all([(kept, engraved_svg(read_excerpt(excerpt, scores), lilypond_classes.GROBS.named))])
    return kept.read_bytes()


def _draw(excerpt: Excerpt, svg: bytes, picture: Path) -> LabelledPage:
    page = lilypond_svg.read_page(svg, STAFF_SPACE)
    image = raster.draw(
        Scene(width=page.width, height=page.height, primitives=page.primitives, elements={}, measures=())
    )
    if excerpt.degraded:
        image = looked(image, np.random.default_rng(zlib.crc32(excerpt.name.encode())))
    write_all([(picture, png(image))])
    symbols = tuple(
        Node(id=number, label=label, box=box, origin="truth") for number, (label, box) in enumerate(page.symbols)
    )
    return LabelledPage(name=excerpt.name, picture=picture, symbols=symbols, frame=Box(0, 0, page.width, page.height))


def _read(path: Path, picture: Path) -> LabelledPage:
    table = json.loads(path.read_text("utf-8"))
    return LabelledPage(
        name=str(table["page"]),
        picture=picture,
        symbols=tuple(_nodes(table["symbols"])),
        frame=Box(*table["frame"]),
    )


def _nodes(rows: Iterable[tuple[str, float, float, float, float]]) -> Iterable[Node]:
    for number, (label, *sides) in enumerate(rows):
        yield Node(id=number, label=label, box=Box(*sides), origin="truth")
