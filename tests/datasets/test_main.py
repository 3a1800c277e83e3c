"""The command line that makes data outlives an engraver that aborts."""

from __future__ import annotations

import os

from datasets.__main__ import _run


def _draw(index: int) -> int:
    if index in (2, 5):
        os._exit(1)
    return index * 10


def test_a_draw_that_kills_its_process_costs_only_itself() -> None:
    found = list(_run(_draw, range(7), 1))
    assert found == [0, 10, 30, 40, 60]
