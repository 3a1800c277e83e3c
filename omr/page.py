"""Pages as gray images, from PDF, PNG, JPEG, TIFF (several pages), WEBP and BMP.

What a file is follows from its content, never from its name.
"""

from __future__ import annotations

import math
import os
import struct
import warnings
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw
from PIL import Image, UnidentifiedImageError

from omr.errors import EncryptedError, InputError, PermissionDenied, TooLargeError, UsageError
from omr.gray import ENOUGH_PIXELS, gray_page, reduction

Pixels = npt.NDArray[np.uint8]

MAX_PIXELS: Final = 150_000_000
"""A sheet of A2 at 600 dpi has 140 million pixels; more than that is no page."""
RENDER_DPI: Final = 300
MAX_RENDER_PIXELS: Final = 25_000_000
"""Larger PDF pages (usually scans whose resolution was lost) are drawn at a lower resolution."""
MIN_RENDER_SIDE: Final = 1500
"""Pixels on the short side of a PDF page, whatever its paper size claims."""
IMAGE_FORMATS: Final = ("PNG", "JPEG", "TIFF", "WEBP", "BMP")
PDF_MARK: Final = b"%PDF-"
MAX_PAGES: Final = 20_000
"""A PDF may claim any number; the largest collected editions have some thousand pages."""
MAX_FORMS: Final = 4
"""Drawings within drawings of a PDF page that are searched for huge images: one that draws itself twice has no end."""
MAX_IMAGES: Final = 2_000
MAX_INCHES: Final = 1000.0
"""Longest side of a PDF page; the format's own limit is 200, more with its user unit."""
READ_FAILURES: Final = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, struct.error, zlib.error
)  # fmt: skip
"""What Pillow's decoders raise on damaged data."""
USE_INSTEAD: Final = "use a PDF, PNG, JPEG, TIFF, WEBP or BMP file"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageImage:
    """One page of an input file."""

    pixels: Pixels
    """(height, width), 0 = ink, 255 = paper; read-only."""
    source: str
    """The file it came from, as the user named it."""
    index: int
    """0 = first page of the file."""

    def __post_init__(self) -> None:
        if self.pixels.ndim != 2 or self.pixels.dtype != np.uint8 or self.pixels.size == 0:
            raise ValueError(f"a page needs (height, width) uint8 pixels, not {self.pixels.shape} {self.pixels.dtype}")
        self.pixels.setflags(write=False)


def read_pages(
    path: Path | str,
    *,
    pages: Collection[int] | None = None,
    password: str | None = None,
    dpi: int | None = None,
) -> Iterator[PageImage]:
    """Yields the pages of `path` in order, only those whose number (1 = first) is in `pages` when it is given.

    `dpi`: dots an inch at which pages of a PDF are drawn, None for what suits their size.
    Raises InputError, EncryptedError, TooLargeError or PermissionDenied naming the file, UsageError for a page it lacks.
    """
    path = Path(path)
    head = _head(path)
    if PDF_MARK in head:
        yield from _pdf_pages(path, pages, password, dpi)
    else:
        yield from _image_pages(path, pages)


def count_pages(path: Path | str, *, password: str | None = None) -> int:
    """Number of pages in `path`; raises as read_pages does."""
    path = Path(path)
    if PDF_MARK in _head(path):
        document = _open_pdf(path, password)
        try:
            return len(document)
        finally:
            document.close()
    with path.open("rb") as file, _open_image(path, file) as image:
        return _frame_count(path, image)


def _head(path: Path) -> bytes:
    """The first 1024 bytes, where a PDF must carry its mark."""
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a folder; name the files in it, for instance {path / '*.pdf'}")
        if not path.exists():
            raise InputError(f"{path}: no such file; check the name and the folder")
        if not path.is_file():
            raise InputError(f"{path}: is not a regular file; {USE_INSTEAD}")
        with path.open("rb") as file:
            head = file.read(1024)
    except PermissionError as error:
        raise PermissionDenied(f"{path}: may not be read; change its permissions") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be opened ({_one_line(error)}); check the name and the disk") from error
    if not head:
        raise InputError(f"{path}: is empty; scan or download it again")
    return head


def choose_pages(path: Path, count: int, pages: Collection[int] | None) -> list[int]:
    """0-based indexes of the wanted pages (1 = first) in ascending order; raises UsageError for one beyond `count`."""
    if pages is None:
        return list(range(count))
    beyond = [number for number in sorted(set(pages)) if not 1 <= number <= count]
    if beyond:
        raise UsageError(f"{path}: has {count} page(s), no page {beyond[0]}; correct --pages")
    return [number - 1 for number in sorted(set(pages))]


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


# PDF


def _open_pdf(path: Path, password: str | None) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(path, password=password)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_raw.FPDF_ERR_PASSWORD:
            advice = "the password is wrong" if password else "give it with --password"
            raise EncryptedError(f"{path}: is encrypted and needs a password; {advice}") from error
        if error.err_code == pdfium_raw.FPDF_ERR_SECURITY:
            raise EncryptedError(f"{path}: is encrypted in an unknown way; save it without protection") from error
        raise InputError(f"{path}: is a damaged PDF; download it again or print it to a new PDF") from error
    if len(document) == 0:
        document.close()
        raise InputError(f"{path}: is a PDF without pages; download it again")
    if len(document) > MAX_PAGES:
        document.close()
        raise TooLargeError(f"{path}: claims more than {MAX_PAGES} pages; split it, or print it to a new PDF")
    return document


def _pdf_pages(path: Path, pages: Collection[int] | None, password: str | None, dpi: int | None) -> Iterator[PageImage]:
    document = _open_pdf(path, password)
    try:
        for index in choose_pages(path, len(document), pages):
            try:
                pixels = _render(path, document, index, dpi)
            except pdfium.PdfiumError as error:
                raise InputError(f"{path}: page {index + 1} is damaged; leave it out with --pages") from error
            yield PageImage(pixels=pixels, source=str(path), index=index)
    finally:
        document.close()


def render_scale(width: float, height: float, dpi: int | None = None) -> float:
    """Pixels per point (1/72 inch) at which to draw a PDF page of `width` x `height` points: as wished, as far as fits."""
    if dpi is not None:
        return min(dpi / 72, math.sqrt(ENOUGH_PIXELS / (width * height)))
    scale = max(RENDER_DPI / 72, MIN_RENDER_SIDE / min(width, height))
    return min(scale, math.sqrt(MAX_RENDER_PIXELS / (width * height)))


def _render(path: Path, document: pdfium.PdfDocument, index: int, dpi: int | None) -> Pixels:
    page = document[index]
    try:
        width, height = page.get_size()
        if not (1 <= width <= MAX_INCHES * 72 and 1 <= height <= MAX_INCHES * 72):  # false for what is no number too
            raise InputError(f"{path}: page {index + 1} has no possible size; leave it out with --pages")
        images = page.get_objects(filter=(pdfium_raw.FPDF_PAGEOBJ_IMAGE,), max_depth=MAX_FORMS)
        for image in islice(images, MAX_IMAGES):
            _refuse_huge(path, *image.get_px_size())
        bitmap = page.render(scale=render_scale(width, height, dpi), grayscale=True, optimize_mode=None)
        try:
            pixels = np.array(bitmap.to_numpy(), dtype=np.uint8)
        finally:
            bitmap.close()
    finally:
        page.close()
    return pixels.reshape(pixels.shape[0], pixels.shape[1])


# Images


def _refuse_huge(path: Path, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise TooLargeError(
            f"{path}: {width} x {height} pixels are more than a page needs (limit {MAX_PIXELS // 10**6} million); "
            "scan it at 300 to 600 dpi"
        )


def _open_image(path: Path, file: BinaryIO) -> Image.Image:
    """The image with only its header read.

    Given the open file, not the path: by path, Pillow maps raw TIFF data into memory and mixes up rotated pages.
    """
    try:
        with _quiet():
            return Image.open(file, formats=IMAGE_FORMATS)
    except UnidentifiedImageError as error:
        raise InputError(f"{path}: is not a page image or PDF, or its beginning is damaged; {USE_INSTEAD}") from error
    except Image.DecompressionBombError as error:
        raise TooLargeError(f"{path}: has far more pixels than a page needs; scan it at 300 to 600 dpi") from error
    except READ_FAILURES as error:
        raise InputError(f"{path}: is a damaged image ({_one_line(error)}); scan or download it again") from error


def _frame_count(path: Path, image: Image.Image) -> int:
    """Pages of a TIFF; other formats hold one page and perhaps its thumbnails."""
    try:
        with _quiet():
            return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    except READ_FAILURES as error:
        raise InputError(f"{path}: is a damaged image ({_one_line(error)}); scan or download it again") from error


def _image_pages(path: Path, pages: Collection[int] | None) -> Iterator[PageImage]:
    with path.open("rb") as file, _open_image(path, file) as image:
        for index in choose_pages(path, _frame_count(path, image), pages):
            yield PageImage(pixels=_decode(path, image, index), source=str(path), index=index)


def _decode(path: Path, image: Image.Image, index: int) -> Pixels:
    try:
        with _quiet(), _silent_decoders():
            image.seek(index)
            _refuse_huge(path, *image.size)
            factor = reduction(image.size)
            if factor > 1:
                image.draft("L", (image.width // factor, image.height // factor))  # a JPEG is decoded smaller
            image.load()
            return gray_page(image)
    except Image.DecompressionBombError as error:
        raise TooLargeError(f"{path}: has far more pixels than a page needs; scan it at 300 to 600 dpi") from error
    except READ_FAILURES as error:
        page = f" page {index + 1}" if index else ""
        raise InputError(f"{path}:{page} is a damaged image ({_one_line(error)}); scan or download it again") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Pillow's warnings of odd tags (damage that matters raises) and of size (_refuse_huge has its own limit)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _silent_decoders() -> Iterator[None]:
    """Discards what libtiff and libjpeg write to standard error about damage, past Python: the one line is ours."""
    try:
        kept = os.dup(2)
    except OSError:  # there is no standard error, as in a window without a console
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
