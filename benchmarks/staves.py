"""Share of staves found and of systems grouped right on pages whose MusicXML says where every system begins.

    python -m benchmarks.staves FOLDER [--overlays FOLDER] [--limit N]

FOLDER holds NAME.png (or .jpg) beside NAME.musicxml; a system is expected at the first bar and at every later `new-system`
mark, each with the staves of all parts. The truth gives numbers, not places: a page with as many staves as expected counts
as found.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from lxml import etree

from omr.errors import NoStavesError
from omr.notation import Staff
from omr.page import PageImage, read_pages
from omr.prepare import prepare
from omr.staves import find_staves, group_systems

SYSTEM_COLOURS = ((0, 0, 255), (0, 150, 0), (255, 0, 0))
SUBPIXEL_BITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    name: str
    expected_staves: int
    found_staves: int
    expected_systems: int
    right_systems: int
    """Systems with the expected number of staves."""
    seconds: float
    """Processor time of preparing, finding and grouping."""


def expected_layout(musicxml: Path) -> tuple[int, int]:
    """(systems, staves in each) that the score's first part and its parts' staves announce."""
    root = etree.parse(str(musicxml)).getroot()
    first = root.find("part")
    begins = [
        any(mark.get("new-system") == "yes" for mark in measure.iter("print")) for measure in first.iter("measure")
    ]
    systems = 1 + sum(begins[1:])
    staves = sum(max((int(one.text) for one in part.iter("staves")), default=1) for part in root.findall("part"))
    return systems, staves


def recognise(page: PageImage) -> tuple[npt.NDArray[np.uint8], tuple[Staff, ...]]:
    """The prepared image and its staves; an empty tuple where none show."""
    try:
        prepared = prepare(page)
    except NoStavesError:
        return page.pixels, ()
    return prepared.image, group_systems(find_staves(prepared.image), prepared.image)


def judge(name: str, layout: tuple[int, int], staves: tuple[Staff, ...], seconds: float) -> PageResult:
    systems, each = layout
    sizes = Counter(Counter(staff.system for staff in staves).values())
    return PageResult(
        name=name,
        expected_staves=systems * each,
        found_staves=len(staves),
        expected_systems=systems,
        right_systems=min(systems, sizes[each]),
        seconds=round(seconds, 3),
    )


def overlay(image: npt.NDArray[np.uint8], staves: tuple[Staff, ...]) -> npt.NDArray[np.uint8]:
    """`image` in colour with every traced line drawn, one colour a system."""
    painted = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    for staff in staves:
        colour = SYSTEM_COLOURS[staff.system % len(SYSTEM_COLOURS)]
        for line in staff.lines:
            points = (np.column_stack([line.xs, line.ys]) - 0.5) * 2**SUBPIXEL_BITS
            cv2.polylines(painted, [points.round().astype(np.int32)], False, colour, 1, cv2.LINE_AA, SUBPIXEL_BITS)
        corner = (int(staff.box.left), int(staff.box.top) - 6)
        label = f"{staff.index} in {staff.system}, {staff.staff_space:.1f}"
        cv2.putText(painted, label, corner, cv2.FONT_HERSHEY_SIMPLEX, 0.6, colour, 1, cv2.LINE_AA)
    return np.asarray(painted, dtype=np.uint8)


def summary(pages: list[PageResult]) -> dict[str, float]:
    expected = sum(page.expected_staves for page in pages)
    systems = sum(page.expected_systems for page in pages)
    return {
        "pages": len(pages),
        "staves_found": round(sum(min(page.found_staves, page.expected_staves) for page in pages) / expected, 4),
        "false_staves": sum(max(0, page.found_staves - page.expected_staves) for page in pages),
        "systems_right": round(sum(page.right_systems for page in pages) / systems, 4),
        "seconds_per_page": round(sum(page.seconds for page in pages) / len(pages), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--overlays", type=Path, help="folder for pictures of the traced lines")
    parser.add_argument("--limit", type=int, default=0, help="first N pages only; 0 = all")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    results = []
    truths = sorted(arguments.folder.glob("*.musicxml"))
    for truth in truths[: arguments.limit or None]:
        page = next(
            read_pages(next(truth.with_suffix(end) for end in (".png", ".jpg") if truth.with_suffix(end).exists()))
        )
        begin = time.process_time()
        image, staves = recognise(page)
        result = judge(truth.stem, expected_layout(truth), staves, time.process_time() - begin)
        results.append(result)
        wrong = result.found_staves != result.expected_staves or result.right_systems != result.expected_systems
        if wrong:
            print(json.dumps(asdict(result)))
        if arguments.overlays:
            arguments.overlays.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(arguments.overlays / f"{truth.stem}.png"), overlay(image, staves))
    print(json.dumps(summary(results)))


if __name__ == "__main__":
    main()
