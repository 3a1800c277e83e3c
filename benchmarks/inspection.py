"""Pictures of what a detector misses and what it makes up: `python -m benchmarks.inspection [--pages scans|lilypond]`.

One sheet a class and kind of fault, symbol by symbol with the surroundings that explain it, the worst classes first in the list
that is printed. A missed symbol is framed where it is, a false one where it was found, with its score.
"""

from __future__ import annotations

import argparse
import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.data_folder import cache_folder, data_folder
from benchmarks.detection import Judged, judge, matched, missed
from benchmarks.labelled_pages import LabelledPage, hand_labelled, lilypond_pages
from benchmarks.png import png
from omr.atomic import write_all
from omr.models import WEIGHTS, load_detector, newest_card
from omr.notation import Node
from omr.page import read_pages

Picture = npt.NDArray[np.uint8]
AROUND: Final = 2.5  # staff spaces of surroundings
CELL: Final = 150  # pixels
COLUMNS: Final = 10
MOST: Final = 60  # symbols on a sheet
FRAME: Final = (0, 0, 255)
CAPTION: Final = 0.4


def main() -> None:
    """Write the sheets; print how many there are of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", choices=("scans", "lilypond"), default="scans")
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of the model")
    parser.add_argument("--edition", choices=("print", "hand"), default="print")
    parser.add_argument("--out", type=Path, default=Path("out/inspection"))
    options = parser.parse_args()
    detector = load_detector(newest_card(options.weights, f"detector-{options.edition}"))
    pages = _pages(options.pages, options.data)
    sheets = sheets_of([judge(page, detector) for page in pages])
    for (kind, label), cells in sorted(sheets.items(), key=lambda sheet: -len(sheet[1])):
        write_all([(options.out / f"{kind}-{label}.png", png(sheet(cells)))])
        print(f"{len(cells):4} {kind} {label}")
    print(options.out)


def _pages(kind: str, data: Path) -> tuple[LabelledPage, ...]:
    if kind == "scans":
        return hand_labelled(data / "printed-scans")
    return lilypond_pages(data / "scores", cache_folder())[0]


def sheets_of(pages: Sequence[Judged]) -> dict[tuple[str, str], list[Picture]]:
    """Pictures by (missed or false, class)."""
    found: dict[tuple[str, str], list[Picture]] = defaultdict(list)
    for judged in pages:
        image = _pixels(judged.page.picture)
        for node in missed(judged):
            found["missed", node.label].append(cell(image, node, judged.staff_space, judged.page.name))
        for node, hit in matched(judged):
            if not hit:
                caption = f"{node.score:.2f} {judged.page.name}"
                found["false", node.label].append(cell(image, node, judged.staff_space, caption))
    return dict(found)


def _pixels(path: Path) -> Picture:
    return next(iter(read_pages(path))).pixels


def cell(image: Picture, node: Node, space: float, caption: str) -> Picture:
    """(CELL, CELL, 3): the symbol framed in its surroundings."""
    side = max(node.box.width, node.box.height) + 2 * AROUND * space
    left, top = node.box.center.x - side / 2, node.box.center.y - side / 2
    scale = CELL / side
    matrix = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    piece = cv2.warpAffine(image, matrix, (CELL, CELL), flags=way, borderValue=255)
    colored = cv2.cvtColor((piece * 0.6 + 102).astype(np.uint8), cv2.COLOR_GRAY2BGR)
    corners = [(round((x - left) * scale), round((y - top) * scale)) for x, y in _corners(node)]
    cv2.rectangle(colored, corners[0], corners[1], FRAME, 1)
    cv2.putText(
        colored, caption[:24], (2, CELL - 4), cv2.FONT_HERSHEY_SIMPLEX, CAPTION * 0.8, (120, 60, 0), 1, cv2.LINE_AA
    )
    return np.asarray(colored, np.uint8)


def _corners(node: Node) -> tuple[tuple[float, float], tuple[float, float]]:
    return (node.box.left, node.box.top), (node.box.right, node.box.bottom)


def sheet(cells: Sequence[Picture]) -> Picture:
    """Up to MOST cells in rows of COLUMNS."""
    shown = list(cells[:MOST])
    rows = math.ceil(len(shown) / COLUMNS)
    empty = np.full((CELL, CELL, 3), 255, np.uint8)
    shown += [empty] * (rows * COLUMNS - len(shown))
    return np.vstack([np.hstack(shown[row * COLUMNS : (row + 1) * COLUMNS]) for row in range(rows)])


if __name__ == "__main__":
    main()
