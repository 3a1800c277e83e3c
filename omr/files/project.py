"""The project file (.omr): a zip with a version, the document as JSON, and the picture of every page.

What the JSON says is the caller's; here it is kept whole. A file is replaced only when the new one is complete, the two before
it stay beside it, and what is damaged is opened as it was when it was last good.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image

from omr.atomic import write_all
from omr.errors import InputError, PermissionDenied
from omr.page import Pixels

Json = dict[str, Any]

VERSION: Final = 1
"""Of the layout of the file. A file of an older one is brought up by MIGRATIONS, one of a newer one is refused."""
SUFFIX: Final = ".omr"
BACKUPS: Final = 2
DOCUMENT: Final = "document.json"
STAMP: Final = (1980, 1, 1, 0, 0, 0)  # the same document gives the same bytes
MIGRATIONS: Final[Mapping[int, Callable[[Json], Json]]] = {}
"""From the document of each older version to that of the next."""
DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    KeyError,
    ValueError,
    TypeError,
    NotImplementedError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What a project file holds."""

    document: Json
    token: str
    """Tells this saving of the document from others: a journal of edits names the one it goes on from."""
    notice: str = ""
    """Why this is an older saving than asked for, one line; empty: it is not."""
    source: Path
    """The file that was read: the one asked for, or a backup."""


def read_project(path: Path) -> Project:
    """The project at `path`, or where that is damaged its newest good backup, which `notice` says.

    Raises InputError where nothing can be opened, PermissionDenied where the file may not be read.
    """
    reasons = []
    for candidate in (path, *backups(path)):
        try:
            project = _read(candidate)
        except PermissionError as error:
            raise PermissionDenied(f"{path}: may not be read; change its permissions") from error
        except FileNotFoundError:
            reasons.append("no such file")
        except DAMAGE as error:
            reasons.append(" ".join(str(error).split()) or type(error).__name__)
        else:
            if candidate == path:
                return project
            notice = f"{path.name} is damaged ({reasons[0]}); this is its last good state, from {candidate.name}"
            return Project(document=project.document, token=project.token, notice=notice, source=candidate)
    raise InputError(f"{path}: cannot be opened as a project ({reasons[0]}), and it has no backup; choose another file")


def write_project(path: Path, document: Json, token: str, images: Iterable[tuple[str, bytes]]) -> None:
    """Saves `document` and the picture (page id, PNG) of each page; the saving before becomes the first backup.

    Raises ResourceError when the disk is full and PermissionDenied where nothing may be written; the old file stays then.
    """
    content = packed(document, token, images)
    _keep_backups(path)
    write_all([(path, content)])


def png_of(pixels: Pixels) -> bytes:
    """A gray picture as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=4)
    return buffer.getvalue()


def read_image(path: Path, page_id: str) -> bytes:
    """The picture of a page as it was saved; raises InputError when it is missing or damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(_image_name(page_id))
    except DAMAGE as error:
        raise InputError(f"{path}: the picture of page {page_id} is missing or damaged; scan the page again") from error


def has_image(path: Path, page_id: str) -> bool:
    """Whether the project at `path` can be read and holds a picture of the page."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _image_name(page_id) in archive.namelist()
    except DAMAGE:
        return False


def backups(path: Path) -> tuple[Path, ...]:
    """Where earlier savings of a project lie, newest first, whether or not there are any."""
    return tuple(path.with_name(f"{path.name}.bak{number}") for number in range(1, BACKUPS + 1))


def _read(path: Path) -> Project:
    with zipfile.ZipFile(path) as archive:
        damaged = archive.testzip()
        if damaged is not None:
            raise zipfile.BadZipFile(f"{damaged} is damaged")
        document = json.loads(archive.read(DOCUMENT))
    version = document["version"]
    if version > VERSION:
        raise InputError(f"{path}: was saved by a newer Scorewright (layout {version}); install that to open it")
    while version < VERSION:
        document = {**MIGRATIONS[version](document), "version": version + 1}
        version += 1
    return Project(document=document["document"], token=document["token"], source=path)


def packed(document: Json, token: str, images: Iterable[tuple[str, bytes]]) -> bytes:
    """The bytes of a project file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        whole = {"version": VERSION, "token": token, "document": document}
        archive.writestr(_entry(DOCUMENT), json.dumps(whole, separators=(",", ":")), zipfile.ZIP_DEFLATED)
        for page_id, content in images:  # PNG is compressed already
            archive.writestr(_entry(_image_name(page_id)), content, zipfile.ZIP_STORED)
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, STAMP)


def _image_name(page_id: str) -> str:
    return f"pages/{page_id}.png"


def _keep_backups(path: Path) -> None:
    """The file at `path` as the first backup, the older ones moved down; what cannot be kept is no reason not to save."""
    if not path.exists() or not _sound(path):
        return
    places = backups(path)
    with contextlib.suppress(OSError):
        for older, newer in reversed(list(zip(places[1:], places, strict=False))):
            if newer.exists():
                newer.replace(older)
        try:
            os.link(path, places[0])
        except OSError:
            shutil.copy2(path, places[0])


def _sound(path: Path) -> bool:
    """Whether a file is worth keeping as a backup: a damaged one would push out a good one."""
    try:
        with zipfile.ZipFile(path) as archive:
            return DOCUMENT in archive.namelist()
    except DAMAGE:
        return False
