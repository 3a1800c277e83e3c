"""Memory goes back to the system: big blocks lie apart, and the largest picture is not paid for by all that follow."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import Final

import numpy as np
import psutil
import pytest

from omr.heap import give_back
from omr.models import LARGE_PIXELS, load_models

BLOCK = 4 << 20  # bytes
MOST_KEPT = 100e6  # bytes; 290 million are in use while the large picture is computed

pytestmark = pytest.mark.skipif(
    not (sys.platform.startswith("linux") and hasattr(ctypes.CDLL(None), "mallinfo2")), reason="needs glibc 2.33"
)


HEAP: Final = """
import ctypes
from omr.heap import blocks_apart

class Counts(ctypes.Structure):  # what mallinfo2 returns
    _fields_ = [("before", ctypes.c_size_t * 4), ("hblkhd", ctypes.c_size_t), ("after", ctypes.c_size_t * 5)]

def apart() -> int:  # bytes by which a new block adds to what lies outside the heap
    library = ctypes.CDLL(None)
    library.mallinfo2.restype = Counts
    library.malloc.restype, library.free.argtypes = ctypes.c_void_p, (ctypes.c_void_p,)
    before = library.mallinfo2().hblkhd
    block = library.malloc(ctypes.c_size_t(4 << 20))
    found = library.mallinfo2().hblkhd - before
    library.free(block)
    return found

with blocks_apart():
    within = apart()
after = apart()
try:
    with blocks_apart():
        raise ZeroDivisionError
except ZeroDivisionError:
    print(within, after, apart())
"""
"""For a process of its own: in one that has run, a hole in the heap may be large enough for any block."""


def test_only_blocks_asked_for_within_lie_apart_even_after_an_error() -> None:
    told = subprocess.run([sys.executable, "-c", HEAP], capture_output=True, text=True, check=True).stdout
    within, after, after_error = map(int, told.split())
    assert within >= BLOCK
    assert after == after_error == 0


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
