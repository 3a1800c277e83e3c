"""Keeping a document: saved as a project, its edits journalled, both found again after a crash.

The journal of a project lies beside it; that of a document never saved lies in a folder of the application.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from gui.encoding import decoded, encoded, encoded_decisions, encoded_page
from gui.state import PageEntry, State
from omr.errors import InputError, OmrError
from omr.files.journal import Json, append, applied, begin, difference, read_journal
from omr.files.project import Project, read_image, read_project, write_project
from omr.gray import gray_pixels
from omr.page import Pixels

SUFFIX = ".journal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A document found on the disk."""

    state: State
    path: Path | None
    """Of the project; None: it was never saved."""
    token: str
    images: Path | None
    """The project file that holds the pictures of the pages; None: their own files do."""
    notice: str = ""
    """What a person must know: that this is an older state, or one with edits recovered."""
    recovered: bool = False
    """Whether it holds edits that are in no project file."""


class Recorder:
    """Writes each change of a document's state to its journal."""

    def __init__(self, path: Path, *, base: Path | None, token: str, state: State, new: bool = True) -> None:
        """`new`: the journal begins with `state`, which is saved or empty; else the journal goes on as it is."""
        self.path = path
        self._state = state
        if new:
            begin(path, str(base) if base is not None else "", token)

    def record(self, state: State) -> None:
        """Adds what changed since the last call; raises OmrError when it cannot be written."""
        changes = _changes(self._state, state)
        if changes:
            append(self.path, changes)
        self._state = state

    def discard(self) -> None:
        """Forgets the journal: everything in it is saved or not wanted."""
        self.path.unlink(missing_ok=True)


def journal_beside(project: Path) -> Path:
    """Where the edits of a project are journalled."""
    return project.with_name(f".{project.name}{SUFFIX}")


def fresh_journal(folder: Path) -> Path:
    """A place for the edits of a document that was never saved."""
    return folder / f"unsaved-{secrets.token_hex(4)}{SUFFIX}"


def recoverable(folder: Path, projects: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Journals with edits that no project file has: of documents never saved, and of the given projects; newest first."""
    found = [*folder.glob(f"unsaved-*{SUFFIX}"), *(journal_beside(project) for project in projects)]
    return tuple(sorted((path for path in found if _has_edits(path)), key=lambda path: -path.stat().st_mtime))


def open_project(path: Path) -> Kept:
    """The project at `path`, or its last good state; its journal is left alone. Raises OmrError."""
    return _kept(path, read_project(path))


def recover(journal: Path) -> Kept:
    """The document with all edits of a journal; raises InputError when nothing can be recovered."""
    found = read_journal(journal)
    path = Path(found.base) if found.base else None
    start = Kept(state=State(), path=None, token="", images=None)
    if path is not None:
        start = _kept(path, read_project(path))
        if start.token != found.token:
            raise InputError(f"{journal}: its edits belong to another saving of {path.name}; open the project itself")
    document: Json = encoded(start.state)
    for changes in found.edits:
        document = applied(document, changes)
    try:
        state = decoded(document)
    except ValueError as error:
        raise InputError(f"{journal}: its edits make no sense ({error})") from error
    edits = f"{len(found.edits)} edit{'s' if len(found.edits) != 1 else ''} recovered"
    notice = "; ".join(text for text in (start.notice, edits) if text)
    return Kept(state=state, path=path, token=start.token, images=start.images, notice=notice, recovered=True)


def save(path: Path, state: State, picture: Callable[[PageEntry], bytes]) -> str:
    """Saves `state` with the picture of each page as PNG (unturned); returns the token of this saving. Raises OmrError."""
    token = secrets.token_hex(8)
    images = []
    for entry in state.pages:
        try:
            images.append((entry.id, picture(entry)))
        except OmrError:
            if entry.status not in ("failed", "ignored"):
                raise
    write_project(path, encoded(state), token, images)
    return token


def saved_picture(project: Path, page_id: str) -> Pixels:
    """The pixels of a page as its project has them; raises InputError when they are missing or damaged."""
    try:
        with Image.open(io.BytesIO(read_image(project, page_id)), formats=["PNG"]) as image:
            return gray_pixels(image)
    except (OSError, ValueError, SyntaxError) as error:
        raise InputError(f"{project}: the picture of page {page_id} is damaged; scan the page again") from error


def _kept(path: Path, project: Project) -> Kept:
    try:
        state = decoded(project.document)
    except ValueError as error:
        raise InputError(f"{path}: is no project of Scorewright ({error})") from error
    return Kept(state=state, path=path, token=project.token, images=project.source, notice=project.notice)


def _has_edits(path: Path) -> bool:
    try:
        return bool(read_journal(path).edits)
    except InputError:
        return False


def _changes(before: State, after: State) -> Json:
    """The difference of two states as documents; only pages that are not the same object are looked at."""
    old = {entry.id: entry for entry in before.pages}
    touched = [entry for entry in after.pages if old.get(entry.id) is not entry]
    gone = [name for name in old if all(entry.id != name for entry in after.pages)]
    same_order = [entry.id for entry in before.pages] == [entry.id for entry in after.pages]

    def document(state: State, pages: Iterable[PageEntry]) -> Json:
        return {
            "order": [entry.id for entry in state.pages],
            "pages": {entry.id: encoded_page(entry) for entry in pages},
            "decisions": encoded_decisions(state.decisions),
        }

    if not touched and not gone and same_order and before.decisions is after.decisions:
        return {}
    names = {entry.id for entry in touched} | set(gone)
    return difference(document(before, [old[n] for n in old if n in names]), document(after, touched))
