"""The pixels of the pages, read when they are asked for; only a few are kept in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import numpy as np

from gui.keeping import saved_picture
from gui.state import PageEntry
from omr.errors import EncryptedError, InputError
from omr.files.project import has_image
from omr.page import Pixels, read_pages

KEPT = 4  # pages: what is on the screen, its neighbours and the one being recognised

Load = Callable[[PageEntry, str | None], Pixels]
"""Gives a page of a file, for which the password (None: none is known) is needed where it is encrypted."""


def load_from_source(entry: PageEntry, password: str | None = None) -> Pixels:
    """The page as its file has it; raises InputError and the like when it cannot be read any more."""
    try:
        for page in read_pages(entry.source, pages=[entry.index + 1], password=password, dpi=entry.dpi):
            return page.pixels
    except EncryptedError as error:
        raise EncryptedError(f"{entry.source}: is encrypted; add it again and give its password") from error
    raise InputError(f"{entry.source}: page {entry.index + 1} cannot be read")


class Pictures:
    """Page pixels by page, turned as the document says; `load` gives them as they lie in their file.

    May be asked from any thread; pages are loaded one at a time (PDFium knows no threads).
    """

    def __init__(self, load: Load = load_from_source) -> None:
        self._load = load
        self._lock = Lock()
        self._project: Path | None = None
        self.passwords: dict[str, str] = {}
        """Of encrypted files by their name; kept nowhere else."""
        self._kept: OrderedDict[tuple[str, int], Pixels] = OrderedDict()

    def load_from(self, project: Path | None) -> None:
        """Takes the pictures that `project` has from it (None: from none), all others from their own files."""
        self._project = project

    def flat(self, entry: PageEntry) -> Pixels:
        """The page as it lies in its file, unturned; raises OmrError when it cannot be read."""
        with self._lock:
            return self._loaded(entry)

    def _loaded(self, entry: PageEntry) -> Pixels:
        if self._project is not None and has_image(self._project, entry.id):
            return saved_picture(self._project, entry.id)
        return self._load(entry, self.passwords.get(entry.source))

    def image(self, entry: PageEntry) -> Pixels:
        """(height, width) uint8, 0 = ink, read-only; raises OmrError when the file cannot be read."""
        key = entry.id, entry.rotation
        with self._lock:
            if key not in self._kept:
                pixels = np.ascontiguousarray(np.rot90(self._loaded(entry), -entry.rotation // 90))
                pixels.setflags(write=False)
                self._kept[key] = pixels
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]
