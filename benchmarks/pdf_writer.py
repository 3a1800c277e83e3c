"""Small PDF files of pictures, written by hand: what scanners and archives produce, and what no library here will write.

Each page is one picture that fills it; how the picture is coded, and how the page is turned, is the caller's choice.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, TiffImagePlugin

Pixels = npt.NDArray[np.uint8]
POINTS = 72.0  # an inch


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A coded picture and the page it fills."""

    width: int
    height: int
    data: bytes
    coding: str
    """Entries of its dictionary that say how `data` is coded."""
    dpi: float = 300.0
    turned: int = 0
    """Degrees clockwise by which a viewer must turn the page (/Rotate)."""


def flate(pixels: Pixels) -> Picture:
    height, width = pixels.shape
    coding = "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
    return Picture(width=width, height=height, data=zlib.compress(pixels.tobytes(), 6), coding=coding)


def jpeg(pixels: Pixels, quality: int = 85) -> Picture:
    return _by_pillow(pixels, "JPEG", "/DCTDecode", quality=quality)


def jpeg2000(pixels: Pixels) -> Picture:
    return _by_pillow(pixels, "JPEG2000", "/JPXDecode", quality_mode="rates", quality_layers=[20])


def _by_pillow(pixels: Pixels, kind: str, name: str, **options: object) -> Picture:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format=kind, **options)
    height, width = pixels.shape
    coding = f"/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter {name}"
    return Picture(width=width, height=height, data=file.getvalue(), coding=coding)


def fax(pixels: Pixels) -> Picture:
    """CCITT group 4."""
    height, width = pixels.shape
    coding = (
        "/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode "
        f"/DecodeParms << /K -1 /Columns {width} /Rows {height} /BlackIs1 true >> /Decode [1 0]"
    )
    return Picture(width=width, height=height, data=group4(pixels), coding=coding)


def jbig2(pixels: Pixels) -> Picture:
    """One generic region coded as JBIG2 codes fax pages (MMR)."""
    height, width = pixels.shape
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", width, height, 0, 0, 0, 1) + group4(pixels)
    segments = ((48, page), (38, region))
    data = b"".join(
        struct.pack(">IBBBI", number, kind, 0, 1, len(body)) + body for number, (kind, body) in enumerate(segments)
    )
    coding = "/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /JBIG2Decode"
    return Picture(width=width, height=height, data=data, coding=coding)


def group4(pixels: Pixels) -> bytes:
    """`pixels` (0 = ink) in black and white, coded as CCITT group 4 without a file around it."""
    file = io.BytesIO()
    sheet = Image.fromarray(pixels).convert("1", dither=Image.Dither.NONE)
    sheet.save(file, format="TIFF", compression="group4", tiffinfo={278: sheet.height, 262: 0})
    with Image.open(file) as tiff:
        assert isinstance(tiff, TiffImagePlugin.TiffImageFile)
        (start,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]
    return file.getvalue()[start : start + length]


def pdf(pictures: Sequence[Picture]) -> bytes:
    """A PDF file with one page for each picture."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{3 + 3 * index} 0 R" for index in range(len(pictures)))
    objects.append(f"<< /Type /Pages /Count {len(pictures)} /Kids [{kids}] >>".encode())
    for index, picture in enumerate(pictures):
        first = 3 + 3 * index
        width, height = (side / picture.dpi * POINTS for side in (picture.width, picture.height))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.3f} {height:.3f}] /Rotate {picture.turned} "
            f"/Resources << /XObject << /Im {first + 2} 0 R >> >> /Contents {first + 1} 0 R >>".encode()
        )
        objects.append(stream("", f"{width:.3f} 0 0 {height:.3f} 0 0 cm /Im Do".encode()))
        size = f"/Width {picture.width} /Height {picture.height}"
        objects.append(stream(f"/Type /XObject /Subtype /Image {size} {picture.coding}", picture.data))
    return assembled(objects)


def stream(entries: str, data: bytes) -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def assembled(objects: Sequence[bytes]) -> bytes:
    """A PDF file of `objects`, numbered from 1; the first is the catalogue."""
    file = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(file))
        file += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(file)
    file += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    file += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    file += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(file)
