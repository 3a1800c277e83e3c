"""Memory goes back to the system: big blocks lie apart, and the largest picture is not paid for by all that follow."""

from __future__ import annotations

import ctypes
import sys

import numpy as np
import psutil
import pytest

from omr.heap import blocks_apart, give_back
from omr.models import LARGE_PIXELS, load_models

BLOCK = 4 << 20  # bytes
MOST_KEPT = 100e6  # bytes; 290 million are in use while the large picture is computed

pytestmark = pytest.mark.skipif(
    not (sys.platform.startswith("linux") and hasattr(ctypes.CDLL(None), "mallinfo2")), reason="needs glibc 2.33"
)


class _Counts(ctypes.Structure):
    """What mallinfo2 returns."""

    _fields_ = [("before", ctypes.c_size_t * 4), ("hblkhd", ctypes.c_size_t), ("after", ctypes.c_size_t * 5)]


def _bytes_apart_of_a_block() -> int:
    """By how much a new block of BLOCK bytes adds to what lies outside the heap."""
    library = ctypes.CDLL(None)
    library.mallinfo2.restype = _Counts
    library.malloc.restype, library.free.argtypes = ctypes.c_void_p, (ctypes.c_void_p,)
    before: int = library.mallinfo2().hblkhd
    block = library.malloc(ctypes.c_size_t(BLOCK))
    apart: int = library.mallinfo2().hblkhd - before
    library.free(block)
    return apart


def test_only_blocks_asked_for_within_lie_apart() -> None:
    with blocks_apart():
        assert _bytes_apart_of_a_block() >= BLOCK
    assert _bytes_apart_of_a_block() == 0


def test_blocks_lie_in_the_heap_again_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), blocks_apart():
        _ = 1 // 0
    assert _bytes_apart_of_a_block() == 0


def test_a_large_picture_leaves_no_memory_behind() -> None:
    detector = load_models("print", precision="f32", threads=1).detector
    small, large = (np.full((side, 1280), 255, np.uint8) for side in (320, 2080))
    small[::7] = large[::7] = 0
    assert small.size < LARGE_PIXELS < large.size
    detector.scan([small], lambda *_: None, least=0.25)
    give_back()
    process = psutil.Process()
    before = process.memory_info().rss
    detector.scan([large], lambda *_: None, least=0.25)
    assert process.memory_info().rss - before < MOST_KEPT
