"""The score engraved anew as pictures, to hold beside the scan: verovio sets the pages as SVG, resvg paints them.

verovio nests <svg> elements and text in a way that small SVG readers draw wrong; resvg draws them right.
"""

from __future__ import annotations

import importlib.util
import logging
from pathlib import Path

from omr.files.engrave import engraver

WIDTH = 1654  # pixels of a preview page, A4 at 200 dpi
TEXT_FONT = "DejaVu Serif"

log = logging.getLogger(__name__)


def engrave_preview(musicxml: bytes) -> list[bytes]:
    """PNG pages of `musicxml`, systems broken where the document says; empty when verovio cannot load it."""
    toolkit = engraver(musicxml, adjustPageHeight=True)
    if toolkit is None:
        log.warning("verovio cannot engrave the score; no preview is written")
        return []
    return [_paint(toolkit.renderToSVG(page)) for page in range(1, toolkit.getPageCount() + 1)]


def _paint(svg: str) -> bytes:
    import resvg_py

    fonts = text_fonts()
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=WIDTH,
            background="white",
            font_dirs=None if fonts is None else [str(fonts)],
            skip_system_fonts=fonts is not None,
            serif_family=TEXT_FONT,
            font_family=TEXT_FONT,
        )
    )


def text_fonts() -> Path | None:
    """Folder of the fonts that come with matplotlib, which music21 brings: the same letters on every system."""
    found = importlib.util.find_spec("matplotlib")
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" if found and found.origin else None
    return folder if folder and folder.is_dir() else None
