"""A score in each of the formats that one file holds, and its engraved pages: for the command line and the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from omr.batch.names import with_ending
from omr.config import Format
from omr.files.convert import to_midi
from omr.files.mxl import to_mxl
from omr.files.preview import engrave_preview
from omr.files.verovio_formats import to_mei, to_pdf


def score_file(wanted: Format, musicxml: bytes, name: str) -> bytes:
    """The score `musicxml` as one file; `name` is what an archive calls its content.

    Raises ValueError for a format that is made of pages (mung, project), InvalidOutputError when the score cannot be turned
    into the format.
    """
    if wanted == "musicxml":
        return musicxml
    if wanted == "mxl":
        return to_mxl(musicxml, name)
    if wanted == "midi":
        return to_midi(musicxml)
    if wanted == "mei":
        return to_mei(musicxml)
    if wanted == "pdf":
        return to_pdf(musicxml)
    raise ValueError(f"{wanted} is made of pages")


def preview_files(musicxml: bytes, stem: Path, ending: str = "") -> Iterator[tuple[Path, bytes]]:
    """(path, PNG) of each engraved page; pages are numbered where there are several."""
    sheets = engrave_preview(musicxml)
    for number, sheet in enumerate(sheets, start=1):
        last = ".preview.png" if len(sheets) == 1 else f".preview-{number}.png"
        yield with_ending(stem, ending + last), sheet
