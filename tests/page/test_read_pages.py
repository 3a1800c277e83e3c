"""Every kind of file a page may come in gives the same upright gray page: a black bar near the top left corner."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from omr.errors import (
    EncryptedError,
    ExitCode,
    InputError,
    PermissionDenied,
    TooLargeError,
    UsageError,
)
from omr.gray import gray_pixels
from omr.page import MAX_RENDER_PIXELS, PageImage, count_pages, read_pages, render_scale

WIDTH, HEIGHT = 60, 40
BAR = (slice(4, 8), slice(5, 45))
"""Rows and columns of the ink."""


def page_pixels() -> np.ndarray:
    pixels = np.full((HEIGHT, WIDTH), 255, np.uint8)
    pixels[BAR] = 0
    return pixels


def page() -> Image.Image:
    return Image.fromarray(page_pixels())


def read_one(path: Path) -> np.ndarray:
    (found,) = read_pages(path)
    assert found.index == 0
    assert found.source == str(path)
    return found.pixels


def assert_is_the_page(pixels: np.ndarray, *, tolerance: int = 0) -> None:
    assert pixels.dtype == np.uint8
    assert pixels.shape == (HEIGHT, WIDTH)
    difference = np.abs(pixels.astype(int) - page_pixels())
    assert difference.max() <= tolerance


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp", ".webp"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_lossless_formats(tmp_path: Path, suffix: str, mode: str) -> None:
    path = tmp_path / f"page{suffix}"
    page().convert(mode).save(path, **({"lossless": True} if suffix == ".webp" else {}))
    assert_is_the_page(read_one(path), tolerance=1)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "page.jpg"
    page().convert("RGB").convert(mode).save(path, quality=98)
    assert_is_the_page(read_one(path), tolerance=20)


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "group3", "group4", "packbits"])
def test_one_bit_tiff(tmp_path: Path, compression: str | None) -> None:
    path = tmp_path / "page.tif"
    page().convert("1").save(path, compression=compression)
    assert_is_the_page(read_one(path))


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bits_keep_their_levels(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"page{suffix}"
    samples = page_pixels().astype(np.uint16) * 257
    samples[20, 20] = 128 * 257
    Image.fromarray(samples).save(path)
    pixels = read_one(path)
    assert pixels[20, 20] == 128
    assert pixels[5, 10] == 0
    assert pixels[0, 0] == 255


def test_a_dark_sixteen_bit_page_is_not_brightened(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    Image.fromarray(np.full((HEIGHT, WIDTH), 100 * 257, np.uint16)).save(path)
    assert (read_one(path) == 100).all()


def test_float_tiff_is_scaled_by_its_maximum(tmp_path: Path) -> None:
    path = tmp_path / "page.tif"
    Image.fromarray(page_pixels().astype(np.float32) / 255).save(path)
    assert_is_the_page(read_one(path))


def test_cmyk_tiff(tmp_path: Path) -> None:
    path = tmp_path / "page.tif"
    page().convert("RGB").convert("CMYK").save(path)
    assert_is_the_page(read_one(path), tolerance=2)


def test_palette(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    page().convert("RGB").convert("P").save(path)
    assert_is_the_page(read_one(path))


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_is_paper(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "page.png"
    ink = Image.new(mode, (WIDTH, HEIGHT), (0,) * len(mode))  # black, and wholly transparent
    ink.putalpha(Image.fromarray(255 - page_pixels()))
    ink.save(path)
    assert_is_the_page(read_one(path))


def test_transparent_palette_is_paper(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    indexes = Image.fromarray((page_pixels() == 255).astype(np.uint8), mode=None).convert("P")
    indexes.putpalette([0, 0, 0, 0, 0, 0])
    indexes.save(path, transparency=1)
    assert_is_the_page(read_one(path))


@pytest.mark.parametrize("suffix", [".jpg", ".tif", ".png", ".webp"])
@pytest.mark.parametrize(("orientation", "turn"), [(3, Image.Transpose.ROTATE_180), (6, Image.Transpose.ROTATE_90)])
def test_orientation_mark_is_followed(tmp_path: Path, suffix: str, orientation: int, turn: Image.Transpose) -> None:
    path = tmp_path / f"page{suffix}"
    exif = Image.Exif()
    exif[0x0112] = orientation
    page().transpose(turn).save(path, exif=exif, **({"quality": 98} if suffix == ".jpg" else {}))
    assert_is_the_page(read_one(path), tolerance=30)


def many_pages(path: Path, count: int) -> None:
    sheets = [Image.new("L", (WIDTH, HEIGHT), 10 * number) for number in range(1, count + 1)]
    sheets[0].save(path, save_all=True, append_images=sheets[1:])


@pytest.mark.parametrize("suffix", [".tif", ".pdf"])
def test_several_pages(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"pages{suffix}"
    many_pages(path, 12)
    assert count_pages(path) == 12
    levels = [(found.index, round(float(found.pixels.mean()))) for found in read_pages(path, pages=[11, 2, 2])]
    assert [index for index, _ in levels] == [1, 10]
    assert levels[0][1] == pytest.approx(20, abs=3)
    assert levels[1][1] == pytest.approx(110, abs=3)


@pytest.mark.parametrize("suffix", [".tif", ".pdf", ".png"])
@pytest.mark.parametrize("number", [0, 13])
def test_a_page_that_is_not_there(tmp_path: Path, suffix: str, number: int) -> None:
    path = tmp_path / f"pages{suffix}"
    many_pages(path, 12)
    with pytest.raises(UsageError, match=f"no page {number}"):
        list(read_pages(path, pages=[1, number]))


def test_content_counts_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    page().save(path, format="PNG")
    assert_is_the_page(read_one(path))


def test_pixels_are_read_only(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    page().save(path)
    with pytest.raises(ValueError, match="read-only"):
        read_one(path)[0, 0] = 0


def test_a_page_image_needs_gray_pixels() -> None:
    with pytest.raises(ValueError, match="height, width"):
        PageImage(pixels=np.zeros((3, 4, 3), np.uint8), source="x", index=0)


# PDF


def test_pdf_is_drawn_at_300_dpi_dark_on_white(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    sheet = Image.new("L", (1240, 1754), 255)
    sheet.paste(0, (100, 200, 1140, 220))
    sheet.save(path, resolution=150)
    pixels = read_one(path)
    assert pixels.shape == pytest.approx((3508, 2480), abs=2)
    assert pixels[410, 1000] < 40
    assert pixels[1000, 1000] > 250


@pytest.mark.parametrize(("width", "height"), [(595, 842), (2480, 3508), (20, 30), (14400, 14400), (1, 14400)])
def test_pdf_pages_stay_within_the_limit(width: float, height: float) -> None:
    scale = render_scale(width, height)
    assert width * height * scale**2 <= MAX_RENDER_PIXELS * 1.001


def test_pdf_is_drawn_at_the_resolution_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    Image.new("L", (300, 600), 255).save(path, resolution=72)
    assert next(iter(read_pages(path, dpi=144))).pixels.shape == (1200, 600)
    assert render_scale(14400, 14400, dpi=1200) < 1


def test_pdf_of_a_scan_without_resolution_keeps_enough_pixels() -> None:
    assert 2480 * render_scale(2480, 3508) > 2400


# Bad input


def damaged_pdf(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")


def prose(path: Path) -> None:
    path.write_text("This is not a page image.\n" * 50)


def half_a_png(path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (300, 300), dtype=np.uint8)
    data = io.BytesIO()
    Image.fromarray(noise).save(data, format="PNG")
    path.write_bytes(data.getvalue()[:20_000])


def half_a_jpeg(path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (300, 300), dtype=np.uint8)
    data = io.BytesIO()
    Image.fromarray(noise).save(data, format="JPEG")
    path.write_bytes(data.getvalue()[:9_000])


def half_a_tiff(path: Path) -> None:
    data = io.BytesIO()
    page().save(data, format="TIFF", compression="tiff_lzw")
    path.write_bytes(data.getvalue()[:60])


def broken_png_chunk(path: Path) -> None:
    data = io.BytesIO()
    page().save(data, format="PNG")
    raw = bytearray(data.getvalue())
    raw[45:60] = b"\xff" * 15
    path.write_bytes(bytes(raw))


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    "make",
    [damaged_pdf, prose, half_a_png, half_a_jpeg, half_a_tiff, broken_png_chunk, empty],
    ids=lambda make: make.__name__,
)
def test_damaged_input_is_named(tmp_path: Path, make) -> None:
    path = tmp_path / "odd name é.dat"
    make(path)
    with pytest.raises(InputError) as caught:
        list(read_pages(path))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code is ExitCode.INPUT


def test_decoders_in_c_keep_silent(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 80), dtype=np.uint8)).convert("1").save(
        data, format="TIFF", compression="group4"
    )
    raw = bytearray(data.getvalue())
    raw[300:320] = bytes(20)
    (tmp_path / "fax.tif").write_bytes(bytes(raw))
    with contextlib.suppress(InputError):
        list(read_pages(tmp_path / "fax.tif"))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP", "PDF"])
def test_any_damage_gives_pages_or_one_error(tmp_path: Path, kind: str) -> None:
    """Flips bytes here and there: whatever the decoders raise, callers see an InputError."""
    random = np.random.default_rng(len(kind))
    data = io.BytesIO()
    page().convert("RGB").save(data, format=kind)
    path = tmp_path / "page"
    refused = []
    for _ in range(40):
        raw = np.frombuffer(data.getvalue(), np.uint8).copy()
        places = random.integers(0, min(len(raw), random.choice([40, 200, 5000])), size=random.integers(1, 12))
        raw[places] = random.integers(0, 256, len(places))
        path.write_bytes(raw.tobytes())
        try:
            list(read_pages(path))
        except InputError as error:
            refused.append(str(error))
    assert refused
    assert not [message for message in refused if "\n" in message]


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(read_pages(tmp_path / "nowhere.png"))


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        list(read_pages(tmp_path))


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        list(read_pages(tmp_path / ("a" * 5000)))


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "page.png"
    page().save(path)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # the tests may run as root, who may read everything
    with pytest.raises(PermissionDenied, match="may not be read"):
        list(read_pages(path))


def bomb(side: int) -> bytes:
    """A valid one-bit PNG of `side` x `side` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(bytes((side // 8 + 1) * side), 1)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_decompression_bomb(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(bomb(20_000))
    assert path.stat().st_size < 300_000
    with pytest.raises(TooLargeError, match="pixels"):
        list(read_pages(path))


def test_decompression_bomb_in_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Image, "MAX_IMAGE_PIXELS", None)
        Image.new("1", (13_000, 13_000)).save(path, resolution=2000)
    with pytest.raises(TooLargeError, match="13000 x 13000"):
        list(read_pages(path))


ENCRYPTED = Path(__file__).with_name("encrypted.pdf")
"""One blank page; the password is `melody`."""


def test_encrypted_pdf_asks_for_its_password() -> None:
    with pytest.raises(EncryptedError, match="--password") as caught:
        list(read_pages(ENCRYPTED))
    assert caught.value.exit_code is ExitCode.ENCRYPTED


def test_encrypted_pdf_with_a_wrong_password() -> None:
    with pytest.raises(EncryptedError, match="password is wrong"):
        list(read_pages(ENCRYPTED, password="harmony"))


def test_encrypted_pdf_with_its_password() -> None:
    (found,) = read_pages(ENCRYPTED, password="melody")
    assert found.pixels.min() > 250


def test_an_owners_password_is_not_asked_for() -> None:
    (found,) = read_pages(Path(__file__).with_name("owner.pdf"))
    assert found.pixels.min() > 250


def test_gray_pixels_weighs_colours_as_the_eye_does() -> None:
    red, green = (gray_pixels(Image.new("RGB", (1, 1), color))[0, 0] for color in ((255, 0, 0), (0, 255, 0)))
    assert red < green
