"""The C library's heap: what keeps a long run from growing although nothing is lost.

Assumes glibc. Big blocks that stay, between others that come and go, leave holes in the heap into which nothing else fits. So
they get a place of their own, from which they go back to the system whole; and what is free is given back when asked
(`man mallopt`, `man malloc_trim`). Other systems' libraries have neither call: there nothing is done.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

MMAP_THRESHOLD: Final = -3
TRIM_THRESHOLD: Final = -1
"""glibc's names (malloc.h) of the size from which a block lies apart, and of what may be free at the heap's end."""
APART: Final = 1 << 20
"""Bytes of a big block that stays."""
USUAL: Final = 32 << 20
"""Bytes up to which passing blocks lie in the heap, where they cost no new pages; the most that glibc allows."""
FREE_END: Final = 2 * USUAL
"""Bytes; twice the other, as glibc itself sets it."""


@contextmanager
def blocks_apart() -> Iterator[None]:
    """Big blocks asked for within lie outside the heap, by any thread; to be used where most of them stay."""
    library = _glibc()
    if library is None:
        yield
        return
    library.mallopt(MMAP_THRESHOLD, APART)
    try:
        yield
    finally:
        library.mallopt(MMAP_THRESHOLD, USUAL)


def give_back() -> bool:
    """Hands free memory to the system; whether there is a way to ask for that."""
    library = _glibc()
    if library is None:
        return False
    library.malloc_trim(ctypes.c_size_t(0))
    return True


@cache
def _glibc() -> ctypes.CDLL | None:
    """The C library, told what may be free at the end of the heap: it no longer finds out by itself after a mallopt."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    if not hasattr(library, "gnu_get_libc_version"):  # musl
        return None
    library.mallopt(TRIM_THRESHOLD, FREE_END)
    return library
