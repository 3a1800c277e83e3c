"""MusicXML files of any program as XML trees: plain or compressed, in any encoding, partwise or timewise.

A file may come from anywhere, so nothing in it is trusted: entities stay unexpanded, no address is fetched, and no more is
unpacked than a score can need.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Final

from lxml import etree

from omr.errors import InputError, PermissionDenied, TooLargeError

MAX_BYTES: Final = 100_000_000
"""Of XML, unpacked; a symphony has some 60 million."""
CONTAINER: Final = "META-INF/container.xml"
MUSIC: Final = (".musicxml", ".xml")
EXPECTED: Final = "give a MusicXML file (.musicxml, .xml or .mxl)"
ZIP_FAILURES: Final = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, RuntimeError, NotImplementedError, ValueError
)  # fmt: skip
"""What zipfile raises on damaged, encrypted or odd archives."""


def open_score(path: Path) -> etree._Element:
    """The <score-partwise> of the file at `path`; raises InputError, TooLargeError or PermissionDenied naming the file."""
    return parse_score_xml(_bytes_of(path), str(path))


def parse_score_xml(data: bytes, name: str) -> etree._Element:
    """The <score-partwise> in the content of a file called `name`; raises InputError or TooLargeError."""
    if data.startswith(b"PK"):
        data = _unpacked(data, name)
    root = _parsed(data, name)
    if root.tag == "score-timewise":
        return _partwise(root)
    if root.tag != "score-partwise":
        raise InputError(f"{name}: holds <{root.tag}>, not a MusicXML score; {EXPECTED}")
    return root


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a folder; name the files in it, for instance {path / '*.musicxml'}")
        if not path.exists():
            raise InputError(f"{path}: no such file; check the name and the folder")
        if not path.is_file():
            raise InputError(f"{path}: is not a regular file; {EXPECTED}")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except PermissionError as error:
        raise PermissionDenied(f"{path}: may not be read; change its permissions") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be opened ({_one_line(error)}); check the name and the disk") from error
    if not data.strip():
        raise InputError(f"{path}: is empty; export it again")
    return _limited(data, str(path))


def _limited(data: bytes, name: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise TooLargeError(
            f"{name}: holds more than {MAX_BYTES // 1_000_000} MB, too much for a score; check the file"
        )
    return data


def _unpacked(data: bytes, name: str) -> bytes:
    """The score inside a compressed MusicXML file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.getinfo(_rootfile(archive, name)).file_size > MAX_BYTES:
                raise TooLargeError(
                    f"{name}: unpacks to more than {MAX_BYTES // 1_000_000} MB; check where it comes from"
                )
            with archive.open(_rootfile(archive, name)) as score:
                return _limited(score.read(MAX_BYTES + 1), name)
    except ZIP_FAILURES as error:
        raise InputError(f"{name}: is no intact compressed MusicXML ({_one_line(error)}); export it again") from error


def _rootfile(archive: zipfile.ZipFile, name: str) -> str:
    """The name of the score as the container gives it, else the first that looks like one."""
    names = archive.namelist()
    if CONTAINER in names:
        with archive.open(CONTAINER) as index:
            root = _parsed(_limited(index.read(MAX_BYTES + 1), name), name)
        for element in root.iter("rootfile"):
            if element.get("full-path") in names:
                return str(element.get("full-path"))
    for candidate in sorted(names):
        if candidate.lower().endswith(MUSIC) and not candidate.startswith("META-INF/"):
            return candidate
    raise KeyError("no score inside")


def _parsed(data: bytes, name: str) -> etree._Element:
    """The root element; tags without namespaces, entities unexpanded."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise InputError(f"{name}: is not MusicXML ({_one_line(error)}); {EXPECTED}") from error
    for element in root.iter(etree.Element):
        if "}" in element.tag:
            element.tag = element.tag.rpartition("}")[2]
    return root


def _partwise(timewise: etree._Element) -> etree._Element:
    """The same music part by part: a timewise score holds the parts of each bar instead of the bars of each part."""
    root = etree.Element("score-partwise")
    parts: dict[str, etree._Element] = {}
    for element in list(timewise):
        if element.tag != "measure":
            root.append(element)
            continue
        for slice_ in element.findall("part"):
            name = slice_.get("id", "")
            if name not in parts:
                parts[name] = etree.Element("part", id=name)
            bar = etree.SubElement(
                parts[name], "measure", {str(key): str(value) for key, value in element.attrib.items()}
            )
            bar.extend(list(slice_))
    root.extend(parts.values())
    return root


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
