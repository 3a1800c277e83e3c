"""Another picture of a page is laid on the same grid as the prepared one."""

from __future__ import annotations

import numpy as np

from benchmarks.show_linker import warped_alike
from omr.page import read_pages
from omr.prepare import prepare
from tests.cli.conftest import EXAMPLE


def test_the_page_itself_warped_alike_is_the_prepared_page() -> None:
    page = next(iter(read_pages(EXAMPLE)))
    prepared = prepare(page)
    again = warped_alike(page.pixels, prepared)
    assert again.shape == prepared.image.shape
    apart = np.abs(again.astype(int) - prepared.image)
    assert np.mean(apart > 60) < 0.001
    moved = np.abs(np.roll(again, 2, axis=1).astype(int) - prepared.image)
    assert np.mean(moved > 60) > 0.02
