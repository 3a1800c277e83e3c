"""Files that no scanner makes: bombs, impossible sizes, loops and lies.

`ABSURD` names them, each with its allowed exit codes.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image

from benchmarks.pdf_writer import assembled, flate, group4, pdf, stream
from omr.errors import ExitCode

Made = tuple[bytes, frozenset[int]]
REFUSED = frozenset({int(ExitCode.INPUT)})
NO_STAVES = frozenset({int(ExitCode.NOTHING_TO_DO)})
EITHER = REFUSED | NO_STAVES
OUT_OF_TIME = frozenset({int(ExitCode.RESOURCES)})
"""What a library without end is stopped with, where a page has a time limit."""

PNG_MARK = b"\x89PNG\r\n\x1a\n"
FULL_IMAGE = b"/Im Do"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, *, extra: bytes = b"", rows: bytes | None = None) -> bytes:
    """A one-bit PNG; black unless `rows` are given."""
    if rows is None:
        rows = bytes((-(-width // 8) + 1) * height)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packed = zlib.compress(rows, 1)
    return PNG_MARK + _chunk(b"IHDR", header) + extra + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _saved(pixels: np.ndarray, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format=kind, **options)
    return file.getvalue()


def _white(width: int, height: int) -> np.ndarray:
    return np.full((height, width), 255, np.uint8)


def _noise() -> bytes:
    return _saved(np.random.default_rng(2).integers(0, 256, (900, 700), dtype=np.uint8), "PNG")


def _tiff(entries: tuple[tuple[int, int, int, int], ...], following: int = 0) -> bytes:
    """A TIFF of one directory: (tag, type, count, value) each."""
    head = struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", len(entries))
    return head + b"".join(struct.pack("<HHII", *entry) for entry in entries) + struct.pack("<I", following) + bytes(64)


def _plain_tiff(width: int, height: int, following: int = 0, samples: int = 1) -> bytes:
    return _tiff(
        ((256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 100),
         (277, 3, 1, samples), (278, 4, 1, height), (279, 4, 1, min(2**32 - 1, width * height))),
        following,
    )  # fmt: skip


def _many_frames() -> bytes:
    file = io.BytesIO()
    sheets = [Image.new("1", (9, 9), index % 2) for index in range(30)]
    sheets[0].save(file, format="TIFF", save_all=True, append_images=sheets[1:])
    return file.getvalue()


def _page(box: str = "0 0 90 120", content: bytes = b"", more: str = "", parent: str = "2 0 R") -> list[bytes]:
    """Objects of a page and its content, numbered 3 and 4."""
    page = f"<< /Type /Page /Parent {parent} /MediaBox [{box}] /Contents 4 0 R {more} >>".encode()
    return [page, stream("", content)]


def _document(*objects: bytes, pages: str = "/Count 1 /Kids [3 0 R]") -> bytes:
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages {pages} >>".encode(), *objects])


def _deep_tree(depth: int) -> bytes:
    """Page nodes nested `depth` times around one page."""
    nodes = [
        f"<< /Type /Pages /Count 1 /Parent {2 + level} 0 R /Kids [{4 + level} 0 R] >>".encode()
        for level in range(depth)
    ]
    page = f"<< /Type /Page /Parent {2 + depth} 0 R /MediaBox [0 0 90 120] >>".encode()
    return _document(*nodes, page)


def _image_page(entries: str, data: bytes) -> bytes:
    resources = "/Resources << /XObject << /Im 5 0 R >> >>"
    return _document(
        *_page(content=b"90 0 0 120 0 0 cm /Im Do", more=resources), stream("/Subtype /Image " + entries, data)
    )


def _gray_image(width: int, height: int, data: bytes) -> bytes:
    return _image_page(f"/Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8", data)


def _claiming_png() -> bytes:
    return PNG_MARK + _chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 6, 0, 0, 0))


def _claiming_bmp() -> bytes:
    return b"BM" + struct.pack("<IIIIiiHHIIiiII", 99, 0, 54, 40, 2**31 - 1, -(2**31), 1, 24, 0, 0, 0, 0, 0, 0)


def _drawn_in_itself() -> bytes:
    form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /Im 5 0 R >> >>"
    resources = "/Resources << /XObject << /Im 5 0 R >> >>"
    return _document(*_page(content=FULL_IMAGE, more=resources), stream(form, b"/Im Do /Im Do"))


def _bomb_of_content(length: int) -> bytes:
    packed = zlib.compress(b"q Q " * (length // 4), 9)
    page = _page()[0]
    return _document(page, stream("/Filter /FlateDecode", packed))


def _lies_about_prev() -> bytes:
    whole = _document(*_page())
    return whole.replace(b"/Root 1 0 R", f"/Root 1 0 R /Prev {whole.rindex(b'xref', 0, -30)}".encode())


def _jpeg_claiming(width: int, height: int) -> bytes:
    data = bytearray(_saved(_white(16, 16), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def _polyglot() -> bytes:
    return _png(20, 20, extra=_chunk(b"teXt", b"%PDF-1.7 not really"))


def _jbig2_of_nothing() -> bytes:
    entries = "/Width 900 /Height 1200 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /JBIG2Decode"
    return _image_page(entries, b"\x00\x00\x00\x00\x30\x00\x01" + b"\xff" * 200)


def _fax_of_noise() -> bytes:
    data = bytearray(group4(_white(400, 300)))
    data += np.random.default_rng(5).integers(0, 256, 3000, dtype=np.uint8).tobytes()
    entries = "/Width 400 /Height 300 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode"
    return _image_page(f"{entries} /DecodeParms << /K -1 /Columns 400 >>", bytes(data))


ABSURD: Mapping[str, Callable[[], Made]] = {
    "bomb": lambda: (_png(20_000, 20_000), REFUSED),
    "very wide": lambda: (_png(60_000, 200), NO_STAVES),
    "very high": lambda: (_png(200, 60_000), NO_STAVES),
    "too wide": lambda: (_png(60_000, 4_000), REFUSED),
    "one pixel": lambda: (_png(1, 1), NO_STAVES),
    "one row": lambda: (_png(30_000, 1), NO_STAVES),
    "one column": lambda: (_png(1, 30_000), NO_STAVES),
    "black": lambda: (_png(2_000, 2_000), NO_STAVES),
    "white": lambda: (_saved(_white(2_000, 2_000), "PNG"), NO_STAVES),
    "noise": lambda: (_noise(), NO_STAVES),
    "claims billions": lambda: (_claiming_png(), REFUSED),
    "no rows": lambda: (_png(500, 500, rows=b""), EITHER),
    "text bomb": lambda: (_png(50, 50, extra=_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000), 9))), EITHER),
    "mark only": lambda: (PNG_MARK, REFUSED),
    "GIF": lambda: (_saved(_white(50, 50), "GIF"), REFUSED),
    "SVG": lambda: (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", REFUSED),
    "zip": lambda: (b"PK\x03\x04" + bytes(500), REFUSED),
    "zeros": lambda: (bytes(100_000), REFUSED),
    "nothing": lambda: (b"", REFUSED),
    "PNG and PDF": lambda: (_polyglot(), EITHER),
    "TIFF in a loop": lambda: (_plain_tiff(8, 8, following=8), EITHER),
    "TIFF of billions": lambda: (_plain_tiff(2**31 - 1, 2**31 - 1), REFUSED),
    "TIFF without pixels": lambda: (_plain_tiff(0, 0), REFUSED),
    "TIFF of many samples": lambda: (_plain_tiff(8, 8, samples=65_535), REFUSED),
    "TIFF pointing away": lambda: (struct.pack("<2sHI", b"II", 42, 2**32 - 1) + bytes(50), REFUSED),
    "TIFF of 30 frames": lambda: (_many_frames(), NO_STAVES),
    "JPEG claiming 65500": lambda: (_jpeg_claiming(65_500, 65_500), REFUSED),
    "JPEG claiming none": lambda: (_jpeg_claiming(0, 0), REFUSED),
    "BMP of billions": lambda: (_claiming_bmp(), REFUSED),
    "WEBP cut": lambda: (_saved(_white(300, 300), "WEBP")[:40], REFUSED),
    "deep tree": lambda: (_deep_tree(300), EITHER),
    "deeper tree": lambda: (_deep_tree(20_000), EITHER),
    "tree in a loop": lambda: (_document(pages="/Count 1 /Kids [2 0 R]"), EITHER),
    "billion pages": lambda: (_document(*_page(), pages="/Count 1000000000 /Kids [3 0 R]"), EITHER),
    "no pages": lambda: (_document(pages="/Count 0 /Kids []"), REFUSED),
    "negative count": lambda: (_document(*_page(), pages="/Count -5 /Kids [3 0 R]"), EITHER),
    "drawn in itself": lambda: (_drawn_in_itself(), EITHER | OUT_OF_TIME),
    "content bomb": lambda: (_bomb_of_content(60_000_000), EITHER),
    "deep content": lambda: (_document(*_page(content=b"q " * 200_000)), NO_STAVES),
    "deep array": lambda: (_document(*_page(content=b"[" * 100_000)), EITHER),
    "deep dictionary": lambda: (_document(b"<< /A " * 20_000, *_page()), EITHER),
    "huge paper": lambda: (_document(*_page("0 0 1e9 1e9")), EITHER),
    "tiny paper": lambda: (_document(*_page("0 0 0.001 0.001")), EITHER),
    "no paper": lambda: (_document(*_page("0 0 0 0")), EITHER),
    "inverted paper": lambda: (_document(*_page("90 120 0 0")), EITHER),
    "long paper": lambda: (_document(*_page("0 0 5 14400")), EITHER),
    "paper of words": lambda: (_document(*_page("a b c d")), EITHER),
    "turned by 45": lambda: (_document(*_page(more="/Rotate 45")), EITHER),
    "huge units": lambda: (_document(*_page(more="/UserUnit 1e30")), EITHER),
    "image of billions": lambda: (_gray_image(2_000_000_000, 2_000_000_000, b"x"), EITHER),
    "image of a million wide": lambda: (_gray_image(1_000_000, 2_000, b"x"), REFUSED),
    "image without data": lambda: (_gray_image(900, 900, b""), EITHER),
    "JBIG2 of nothing": lambda: (_jbig2_of_nothing(), EITHER),
    "fax of noise": lambda: (_fax_of_noise(), EITHER),
    "xref in a loop": lambda: (_lies_about_prev(), EITHER),
    "10 blank pages": lambda: (pdf([flate(_white(60, 80))] * 10), NO_STAVES),
    "catalogue of itself": lambda: (assembled([b"<< /Type /Catalog /Pages 1 0 R >>"]), EITHER),
    "half a PDF": lambda: (pdf([flate(_white(600, 800))])[:300], EITHER),
    "PDF mark only": lambda: (b"%PDF-1.7\n", REFUSED),
}  # fmt: skip
"""Name -> the file and what converting it may end with."""
