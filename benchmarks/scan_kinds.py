"""One page as scanners, archives and people hand it in: resolutions, turns, borders, spreads, sample formats, codings, PDFs.

`KINDS` names them; each makes a file of a clean gray page taken at 300 dots an inch. What is read from the file must be the
same music. `python -m benchmarks.scan_kinds FOLDER` reads every kind of the pages of a folder and prints the figures.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks import pdf_writer
from omr.evaluation import Evaluation, Pair, evaluate_pairs, find_pairs, read_page
from omr.models import Models, load_models

Pixels = npt.NDArray[np.uint8]
BASE_DPI = 300
ORIENTATION = 0x0112
"""The EXIF tag."""


def resampled(pixels: Pixels, dpi: float) -> Pixels:
    """`pixels` at another resolution, each new pixel the mean of what it covers."""
    factor = dpi / BASE_DPI
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=method), np.uint8)


def skewed(pixels: Pixels, degrees: float) -> Pixels:
    """`pixels` with its lines falling to the right by `degrees`, on a picture that holds all of it."""
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = round(width * cosine + height * sine), round(width * sine + height * cosine)
    matrix[:, 2] += np.array(size) / 2 - np.array([width, height]) / 2
    return np.asarray(cv2.warpAffine(pixels, matrix, size, flags=cv2.INTER_CUBIC, borderValue=255), np.uint8)


def bordered(pixels: Pixels, seed: int = 3) -> Pixels:
    """`pixels` as scanned with the lid open: black around it, ragged and a little askew."""
    turned = skewed(np.pad(pixels, 4, constant_values=250), 0.7)
    height, width = turned.shape
    inside = skewed(np.zeros((pixels.shape[0] - 8, pixels.shape[1] - 8), np.uint8), 0.7)
    paper = cv2.resize(inside, (width, height), interpolation=cv2.INTER_NEAREST) == 0
    sheet = np.where(paper, turned, 12).astype(np.uint8)
    page = np.pad(sheet, ((60, 140), (170, 30)), constant_values=8)
    noise = np.random.default_rng(seed).normal(0, 4, page.shape)
    return np.clip(page + noise, 0, 255).astype(np.uint8)


def spread(left: Pixels, right: Pixels) -> Pixels:
    """Two pages of an open book, the fold between them a little darker than the paper."""
    height = max(len(left), len(right))
    pages = [np.pad(page, ((0, height - len(page)), (0, 0)), constant_values=255) for page in (left, right)]
    both = np.concatenate(pages, axis=1).astype(np.float32)
    distance = np.abs(np.arange(both.shape[1]) - pages[0].shape[1])
    both *= 1 - 0.45 * np.exp(-((distance / 18.0) ** 2))
    return both.astype(np.uint8)


def _coded(sheet: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    sheet.save(file, format=kind, **options)
    return file.getvalue()


def _png(pixels: npt.NDArray[np.generic]) -> bytes:
    return _coded(Image.fromarray(pixels), "PNG", compress_level=1)


def _bits(pixels: Pixels) -> Image.Image:
    return Image.fromarray(pixels).convert("1", dither=Image.Dither.NONE)


def _alpha(pixels: Pixels) -> bytes:
    ink = Image.new("LA", (pixels.shape[1], pixels.shape[0]), (0, 0))
    ink.putalpha(Image.fromarray(255 - pixels))
    return _coded(ink, "PNG", compress_level=1)


def _marked(pixels: Pixels) -> bytes:
    """A JPEG stored sideways, with the mark that says so."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    return _coded(Image.fromarray(np.rot90(pixels).copy()), "JPEG", quality=85, exif=exif)


def _turned_pdf(pixels: Pixels) -> bytes:
    picture = pdf_writer.jpeg(np.rot90(pixels).copy())
    return pdf_writer.pdf([_with(picture, turned=90)])


def _with(picture: pdf_writer.Picture, *, turned: int = 0, dpi: float = BASE_DPI) -> pdf_writer.Picture:
    return pdf_writer.Picture(
        width=picture.width, height=picture.height, data=picture.data, coding=picture.coding, turned=turned, dpi=dpi
    )


def _cmyk(pixels: Pixels) -> Image.Image:
    return Image.fromarray(pixels).convert("RGB").convert("CMYK")


KINDS: Mapping[str, Callable[[Pixels], bytes]] = {
    **{f"{dpi}dpi": lambda page, dpi=dpi: _png(resampled(page, dpi)) for dpi in (72, 85, 100, 120, 150, 300, 600)},
    "1200dpi": lambda page: _coded(_bits(resampled(page, 1200)), "TIFF", compression="group4"),
    **{f"skew{angle:+}": lambda page, angle=angle: _png(skewed(page, angle)) for angle in (-10, -4, 2, 10)},
    "upside-down": lambda page: _png(np.rot90(page, 2).copy()),
    "turned left": lambda page: _png(np.rot90(page).copy()),
    "turned right": lambda page: _png(np.rot90(page, -1).copy()),
    "black border": lambda page: _png(bordered(page)),
    "inverted": lambda page: _png(255 - page),
    "16 bits": lambda page: _png(page.astype(np.uint16) * 257),
    "CMYK TIFF": lambda page: _coded(_cmyk(page), "TIFF", compression="tiff_lzw"),
    "CMYK JPEG": lambda page: _coded(_cmyk(page), "JPEG", quality=80),
    "palette": lambda page: _coded(Image.fromarray(page).quantize(16), "PNG", compress_level=1),
    "alpha": _alpha,
    "1 bit": lambda page: _coded(_bits(page), "PNG"),
    "fax G3": lambda page: _coded(_bits(page), "TIFF", compression="group3"),
    "fax G4 204x98": lambda page: _coded(
        _bits(np.asarray(cv2.resize(page, None, fx=204 / 300, fy=98 / 300, interpolation=cv2.INTER_AREA), np.uint8)),
        "TIFF", compression="group4", dpi=(204, 98),
    ),
    "fax G4 204x196": lambda page: _coded(_bits(resampled(page, 200)), "TIFF", compression="group4", dpi=(204, 196)),
    "JPEG marked": _marked,
    "JPEG progressive": lambda page: _coded(Image.fromarray(page), "JPEG", quality=60, progressive=True),
    "JPEG 15%": lambda page: _coded(Image.fromarray(page), "JPEG", quality=15),
    "WEBP": lambda page: _coded(Image.fromarray(page), "WEBP", quality=60),
    "PDF turned": _turned_pdf,
    "PDF JPX": lambda page: pdf_writer.pdf([pdf_writer.jpeg2000(page)]),
    "PDF JBIG2": lambda page: pdf_writer.pdf([pdf_writer.jbig2(page)]),
    "PDF fax": lambda page: pdf_writer.pdf([pdf_writer.fax(page)]),
    "PDF of 72dpi": lambda page: pdf_writer.pdf([_with(pdf_writer.jpeg(page), dpi=72)]),
    "PDF tiny page": lambda page: pdf_writer.pdf([_with(pdf_writer.jpeg(page), dpi=1800)]),
}  # fmt: skip
"""Name -> the file that one page (0 = ink) becomes."""


def read_kind(kind: str, pairs: tuple[Pair, ...], models: Models) -> Evaluation:
    """The pages of `pairs` as that kind of scan, read and scored."""

    def read(picture: Path) -> object:
        with Image.open(picture) as sheet:
            pixels = np.array(sheet.convert("L"))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "page"
            path.write_bytes(KINDS[kind](pixels))
            return read_page(path, models)

    return evaluate_pairs(pairs, read)


def low_resolution_figures(folder: Path, models: Models, *, limit: int | None = None) -> dict[str, float]:
    """{"100dpi_pod_f1", "300dpi_pod_f1"}: pitch, onset and duration F1 of the pages of `folder` at both resolutions."""
    pairs = find_pairs(folder)
    if limit is not None:
        pairs = pairs[:: max(1, len(pairs) // limit)][:limit]
    return {f"{kind}_pod_f1": read_kind(kind, pairs, models).figures()["pod_f1"] for kind in ("100dpi", "300dpi")}


def main() -> None:
    """Read every kind, or those named, and print what was got."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="pairs NAME.png (300 dpi) and NAME.musicxml")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of: {', '.join(KINDS)}")
    arguments = parser.parse_args()
    models, pairs = load_models("print"), find_pairs(arguments.folder)
    for kind in arguments.kinds or KINDS:
        found = read_kind(kind, pairs, models)
        pages = " ".join(f"{page.figures()['pod_f1']:.3f}" for page in found.pages)
        print(f"{kind:16} {found.figures()['pod_f1']:.3f}  {pages}", flush=True)


if __name__ == "__main__":
    main()
