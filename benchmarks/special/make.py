"""Makes the pages: engraved, checked against their music, worn, and kept in a cache folder named after what makes them.

verovio draws what MuseScore 3 does not take from MusicXML: tuplets within tuplets. Where its lines break, we say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import resvg_py
import verovio
from lxml import etree

from benchmarks.engrave_held_out import mark_lines
from benchmarks.engravers import REPORT, Engraving, EngravingError, Image, lilypond_source, musescore
from benchmarks.png import png
from benchmarks.scan import scanned
from benchmarks.special.as_lilypond import as_lilypond
from benchmarks.special.as_musicxml import as_musicxml
from benchmarks.special.piece import Piece
from benchmarks.special.plan import BARS, Page, piece_of
from datasets.synthetic.degrade import degrade
from omr.atomic import write_all

FEWER: Final = 3  # bars less while a piece takes more than a page
STAFF_SPACE: Final = 5 / 72  # inches, of every engraver here
VEROVIO_WIDTH: Final = 2100  # tenths of a millimetre, as verovio counts
VEROVIO_LINE: Final = 2  # bars
SETTINGS: Final = ("special/*.py", "engravers.py", "scan.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """NAME.png and NAME.musicxml of pages in a folder."""

    folder: Path
    pages: tuple[Page, ...]
    """Those that could be made."""
    failures: tuple[str, ...]
    """What could not, and why."""


def made_pages(wanted: Sequence[Page], cache: Path) -> Made:
    """The `wanted` pages, made where they are missing; none is kept whose notes are not those of its music."""
    folder = cache / f"special-{_digest()}"
    folder.mkdir(parents=True, exist_ok=True)
    failures: list[str] = []
    for page in wanted:
        try:
            if not (folder / f"{page.name}.musicxml").exists():
                _make(page, folder)
        except EngravingError as error:
            failures.append(f"{page.name}: {error}")
    there = tuple(page for page in wanted if (folder / f"{page.name}.musicxml").exists())
    return Made(folder=folder, pages=there, failures=tuple(failures))


def _digest() -> str:
    here = Path(__file__).parents[1]
    files = sorted(path for pattern in SETTINGS for path in here.glob(pattern))
    data = [path.read_bytes() for path in (*files, REPORT)]
    return hashlib.sha256(b"\0".join(data)).hexdigest()[:12]


def _make(page: Page, folder: Path) -> None:
    for bars in range(BARS, FEWER, -FEWER):
        piece = piece_of(page, bars)
        root = as_musicxml(piece)
        engraving = _engraved(page, piece, root)
        if len(engraving.pages) == 1:
            break
    else:
        raise EngravingError(f"{page.name} does not fit on a page")
    mark_lines(root, engraving.line_starts)
    truth = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    picture = png(_worn(engraving.pages[0], page))
    write_all([(folder / f"{page.name}.png", picture), (folder / f"{page.name}.musicxml", truth)])


def _engraved(page: Page, piece: Piece, root: etree._Element) -> Engraving:
    if page.engraver == "lilypond":
        return lilypond_source(as_lilypond(piece), root, page.resolution)
    if page.engraver == "musescore":
        return musescore(root, page.resolution)
    return _verovio(piece, page.resolution)


def _verovio(piece: Piece, resolution: int) -> Engraving:
    starts = tuple(range(VEROVIO_LINE, len(piece.bars), VEROVIO_LINE))
    bars = tuple(replace(bar, new_line=index in starts) for index, bar in enumerate(piece.bars))
    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions({"pageWidth": VEROVIO_WIDTH, "breaks": "encoded", "footer": "none", "svgFormatRaw": True})
    toolkit.loadData(etree.tostring(as_musicxml(replace(piece, bars=bars)), encoding="unicode"))
    width = round(VEROVIO_WIDTH / 254 * resolution)
    drawn = [toolkit.renderToSVG(number + 1) for number in range(toolkit.getPageCount())]
    return Engraving(pages=tuple(_painted(svg, width) for svg in drawn), line_starts=starts)


def _painted(svg: str, width: int) -> Image:
    data = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, background="white"))
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


def _worn(image: Image, page: Page) -> Image:
    if page.wear == "scanned":
        return scanned(image, page.seed)
    if page.wear == "worn":
        return degrade(image, np.random.default_rng(page.seed), staff_space=STAFF_SPACE * page.resolution)
    return image
