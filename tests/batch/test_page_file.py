"""A page kept as numbers comes back exactly, and nothing else is believed."""

from __future__ import annotations

import io
import math
import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omr.batch.page_file import from_page_file, to_page_file
from omr.errors import InputError
from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph, Staff, StaffLine
from omr.pipeline import PageResult
from omr.reading import ReadPage

numbers = st.floats(-1e6, 1e6, allow_nan=False)
boxes = st.tuples(numbers, numbers, st.floats(0, 500), st.floats(0, 500)).map(
    lambda row: Box(row[0], row[1], row[0] + row[2], row[1] + row[3])
)
lines = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=4).map(
    lambda points: StaffLine(xs=tuple(x for x, _ in points), ys=tuple(y for _, y in points))
)
staves = st.builds(
    Staff,
    index=st.integers(0, 9),
    system=st.integers(0, 9),
    lines=st.lists(lines, min_size=1, max_size=5).map(tuple),
    box=boxes,
    staff_space=st.floats(1, 100),
)


@st.composite
def pages(draw: st.DrawFn) -> PageResult:
    ids = draw(st.lists(st.integers(0, 10**6), unique=True, max_size=4))
    shares = st.floats(0, 1)
    shown = [
        Node(
            id=number,
            label=draw(st.sampled_from(["noteheadBlack", "stem", "ünknown"])),
            box=draw(boxes),
            score=draw(shares),
            scores=tuple(draw(st.lists(shares, max_size=3))),
            origin=draw(st.sampled_from(["model", "human"])),
            features=tuple(draw(st.lists(st.floats(width=32, allow_nan=False), max_size=3))),
        )
        for number in ids
    ]
    read = [Node(**{**{name: getattr(node, name) for name in node.__slots__}, "box": draw(boxes)}) for node in shown]
    edges = tuple(Edge(one, other, draw(shares)) for one in ids[:2] for other in ids[:2])
    names = tuple(draw(st.lists(st.tuples(st.integers(0, 9), st.text(max_size=5)), max_size=2)))
    return PageResult(
        index=draw(st.integers(0, 999)),
        graph=NotationGraph(tuple(shown), edges),
        staves=tuple(draw(st.lists(staves, max_size=2))),
        reading=ReadPage(NotationGraph(tuple(read), edges), tuple(draw(st.lists(staves, max_size=2))), names),
        to_page=((1.0, math.pi, 0.1), (0.0, 1 / 3, -2.5)),
        seconds=(("detect", 0.1), ("link", 1e-9)),
    )


@settings(max_examples=40, deadline=None)
@given(pages())
def test_exactly_the_same_page_comes_back(page: PageResult) -> None:
    kept = to_page_file(page)
    back = from_page_file(kept)
    assert back == page
    assert repr(back) == repr(page)
    assert to_page_file(back) == kept


def test_pickles_and_damage_are_refused() -> None:
    page = PageResult(
        index=0,
        graph=NotationGraph(),
        staves=(),
        reading=ReadPage(NotationGraph(), ()),
        to_page=((1, 0, 0), (0, 1, 0)),
        seconds=(),
    )
    kept = to_page_file(page)
    evil = io.BytesIO()
    with zipfile.ZipFile(evil, "w") as archive:
        entry = io.BytesIO()
        np.lib.format.write_array(entry, np.array([{"a": 1}], dtype=object), allow_pickle=True)
        archive.writestr("head.npy", entry.getvalue())
    for wrong in (b"", kept[:-30], pickle.dumps(page), evil.getvalue()):
        with pytest.raises(InputError, match="--resume"):
            from_page_file(wrong)
