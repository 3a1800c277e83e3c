"""What was found on a page as a file of numbers, and back, exactly: how pages travel between processes and outlive a crash.

A .npz archive without pickled objects: numbers as float64 and int64, names as UTF-8 JSON. Assumes that a page's graph and the
graph it is read from hold the same nodes and edges in the same order and differ only in coordinates.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from omr.errors import InputError
from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph, Staff, StaffLine
from omr.pipeline import PageResult
from omr.prepare import as_table, from_table
from omr.reading import ReadPage

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Arrays = Mapping[str, npt.NDArray[Any]]

FORMAT: Final = 2
"""Raised when the layout changes; another one is not read."""
UNREADABLE: Final = (OSError, ValueError, KeyError, IndexError, TypeError, EOFError, zipfile.BadZipFile, zlib.error)


def to_page_file(page: PageResult) -> bytes:
    """`page` as an archive; from_page_file gives an equal value back."""
    head = {
        "format": FORMAT,
        "index": page.index,
        "labels": [node.label for node in page.graph.nodes],
        "origins": [node.origin for node in page.graph.nodes],
        "names": page.reading.names,
        "told": page.reading.told,
        "seconds": page.seconds,
        "to_page": as_table(page.to_page),
        "turns": page.turns,
    }
    arrays: dict[str, npt.NDArray[Any]] = {
        "head": np.frombuffer(json.dumps(head).encode(), np.uint8),
        "ids": np.array([node.id for node in page.graph.nodes], np.int64),
        "sure": np.array([node.score for node in page.graph.nodes], np.float64),
        "edges": np.array([(edge.source, edge.target) for edge in page.graph.edges], np.int64).reshape(-1, 2),
        "edge_scores": np.array([edge.score for edge in page.graph.edges], np.float64),
        "page_boxes": _boxes(page.graph),
        "read_boxes": _boxes(page.reading.graph),
        **_rows("scores", [node.scores for node in page.graph.nodes]),
        **_rows("features", [node.features for node in page.graph.nodes]),
        **_staff_arrays("page", page.staves),
        **_staff_arrays("read", page.reading.staves),
    }
    return _archive(arrays)


def from_page_file(content: bytes) -> PageResult:
    """The page in an archive made by to_page_file; raises InputError when it is damaged or of another version."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return _page({name: archive[name] for name in archive.files})
    except UNREADABLE as error:
        raise InputError(f"a kept page is damaged ({error}); run again without --resume") from error


def _archive(arrays: Arrays) -> bytes:
    """A zip of .npy files whose bytes follow from the numbers alone."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, values in arrays.items():
            entry = io.BytesIO()
            np.lib.format.write_array(entry, values, allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(info, entry.getvalue(), compress_type=zipfile.ZIP_DEFLATED, compresslevel=1)
    return written.getvalue()


def _page(arrays: Arrays) -> PageResult:
    head = json.loads(arrays["head"].tobytes())
    if head["format"] != FORMAT:
        raise ValueError(f"format {head['format']}")
    edges = tuple(
        Edge(source, target, score)
        for (source, target), score in zip(arrays["edges"].tolist(), arrays["edge_scores"].tolist(), strict=True)
    )
    scores, features = _tuples(arrays, "scores"), _tuples(arrays, "features")
    rows = list(
        zip(
            arrays["ids"].tolist(),
            head["labels"],
            arrays["sure"].tolist(),
            head["origins"],
            scores,
            features,
            strict=True,
        )
    )

    def graph(boxes: Floats) -> NotationGraph:
        nodes = (
            Node(id=id_, label=label, box=Box(*box), score=sure, scores=seen, origin=origin, features=noticed)
            for (id_, label, sure, origin, seen, noticed), box in zip(rows, boxes.tolist(), strict=True)
        )
        return NotationGraph(tuple(nodes), edges)

    names = tuple((int(index), str(name)) for index, name in head["names"])
    told = tuple((int(id_), kind, int(dots)) for id_, kind, dots in head["told"])
    return PageResult(
        index=int(head["index"]),
        graph=graph(arrays["page_boxes"]),
        staves=_staves(arrays, "page"),
        reading=ReadPage(graph(arrays["read_boxes"]), _staves(arrays, "read"), names, told),
        to_page=from_table(head["to_page"]),
        turns=int(head["turns"]),
        seconds=tuple((str(stage), float(seconds)) for stage, seconds in head["seconds"]),
    )


def _boxes(graph: NotationGraph) -> Floats:
    boxes = [(node.box.left, node.box.top, node.box.right, node.box.bottom) for node in graph.nodes]
    return np.array(boxes, np.float64).reshape(-1, 4)


def _rows(name: str, values: Sequence[Sequence[float]]) -> dict[str, npt.NDArray[Any]]:
    """Tuples of several lengths, one after the other, and the length of each."""
    flat = np.array([number for row in values for number in row], np.float64)
    narrow = flat.astype(np.float32)
    exact = bool((narrow == flat).all())  # what a network computed
    return {f"{name}_lengths": np.array([len(row) for row in values], np.int64), name: narrow if exact else flat}


def _tuples(arrays: Arrays, name: str) -> list[tuple[float, ...]]:
    ends = np.cumsum(arrays[f"{name}_lengths"]).tolist()
    flat = arrays[name].astype(np.float64)
    return [tuple(flat[start:end].tolist()) for start, end in zip([0, *ends], ends)]


def _staff_arrays(side: str, staves: Sequence[Staff]) -> dict[str, npt.NDArray[Any]]:
    lines = [line for staff in staves for line in staff.lines]
    kinds = [(staff.index, staff.system, len(staff.lines)) for staff in staves]
    sizes = [(staff.box.left, staff.box.top, staff.box.right, staff.box.bottom, staff.staff_space) for staff in staves]
    return {
        f"{side}_staves": np.array(kinds, np.int64).reshape(-1, 3),
        f"{side}_sizes": np.array(sizes, np.float64).reshape(-1, 5),
        **_rows(f"{side}_xs", [line.xs for line in lines]),
        **_rows(f"{side}_ys", [line.ys for line in lines]),
    }


def _staves(arrays: Arrays, side: str) -> tuple[Staff, ...]:
    points = zip(_tuples(arrays, f"{side}_xs"), _tuples(arrays, f"{side}_ys"), strict=True)
    sampled: dict[tuple[float, ...], tuple[float, ...]] = {}  # the lines of a staff share their places, as when found
    lines = [StaffLine(xs=sampled.setdefault(xs, xs), ys=ys) for xs, ys in points]
    found: list[Staff] = []
    first = 0
    for (index, system, count), (*box, space) in zip(
        arrays[f"{side}_staves"].tolist(), arrays[f"{side}_sizes"].tolist(), strict=True
    ):
        own = tuple(lines[first : first + count])
        found.append(Staff(index=index, system=system, lines=own, box=Box(*box), staff_space=space))
        first += count
    return tuple(found)
