"""Compressed MusicXML: a zip whose META-INF/container.xml names the score inside; entries carry a fixed time."""

from __future__ import annotations

import io
import re
import zipfile

from lxml import etree

from omr.files.elements import child

MIMETYPE = "application/vnd.recordare.musicxml"
CONTAINER = "META-INF/container.xml"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can hold
_UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')


def to_mxl(musicxml: bytes, name: str) -> bytes:
    """`musicxml` as an .mxl file in which the score is called `name`.musicxml; the same input gives the same bytes."""
    inside = (_UNSAFE.sub("_", name).strip(". ") or "score") + ".musicxml"
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        _add(archive, "mimetype", (MIMETYPE + "+zip").encode(), zipfile.ZIP_STORED)  # first and uncompressed
        _add(archive, CONTAINER, _container(inside), zipfile.ZIP_DEFLATED)
        _add(archive, inside, musicxml, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _container(inside: str) -> bytes:
    root = etree.Element("container")
    child(child(root, "rootfiles"), "rootfile", attributes={"full-path": inside, "media-type": f"{MIMETYPE}+xml"})
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _add(archive: zipfile.ZipFile, name: str, content: bytes, compression: int) -> None:
    entry = zipfile.ZipInfo(name, date_time=_EARLIEST)
    entry.create_system = 3  # the same bytes on every system
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content, compress_type=compression, compresslevel=9)
