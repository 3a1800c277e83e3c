"""MUSCIMA++ v2.0 (Hajic and Pecina 2017): 140 handwritten pages with every symbol's ink and the relations between symbols.

The pictures follow from the annotations: 99.9 % of the original ink lies under the symbols' masks, staff lines included, so
a page is painted from them. `read_page_truth` gives the annotations as they are, for the benchmark; `to_sample` what models
learn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from lxml import etree

from datasets.muscima_graph import RawNode, contracted, ignored, staves_of
from datasets.sample import Image, Sample
from datasets.split import Split
from datasets.synthetic.sources import unpacked
from omr.geometry import Box

ARCHIVE: Final = "annotations-v2.0.tar.xz"
ANNOTATIONS: Final = "v2.0/data/annotations"
MARGIN: Final = 60  # pixels right of and below the last ink, about what the scans have
PAPER: Final = 255

MASKLESS: Final = frozenset(
    {
        "staff", "staffSpace", "staffGrouping", "measureSeparator", "keySignature", "timeSignature", "repeat", "dynamicsText",
        "tempoText", "otherText", "tuple", "volta",
    }
)  # fmt: skip
"""Composite nodes: their masks cover more than ink, their parts are painted by themselves."""


class StaffLines(Enum):
    """Whether the painted page shows its staff lines."""

    KEPT = "kept"
    REMOVED = "removed"


class MuscimaError(Exception):
    """The data set is not where it was said to be, or not what it should be."""


@dataclass(frozen=True)
class RawPage:
    """One annotated page: every node with its original id and class, composites included."""

    name: str
    """As in the split files: CVC-MUSCIMA_W-01_N-10_D-ideal."""
    nodes: tuple[RawNode, ...]

    @cached_property
    def edges(self) -> tuple[tuple[int, int], ...]:
        """All 217 kinds of relations, as (source id, target id)."""
        return tuple((node.id, target) for node in self.nodes for target in node.targets)

    @cached_property
    def size(self) -> tuple[int, int]:
        """(height, width) in pixels: the ink and a margin."""
        bottom = max(node.box.bottom for node in self.nodes)
        right = max(node.box.right for node in self.nodes)
        return int(bottom) + MARGIN, int(right) + MARGIN


def page_files(folder: Path, *, cache: Path | None = None) -> dict[str, Path]:
    """Annotation file of each page by name; `folder` holds the archive (unpacked once below `cache`) or the XML files.

    Raises MuscimaError when there are none.
    """
    archive = folder / ARCHIVE
    base = unpacked(archive, cache) / ANNOTATIONS if archive.is_file() else folder
    found = {path.stem: path for path in sorted(base.rglob("CVC-MUSCIMA_*.xml"))}
    if not found:
        raise MuscimaError(f"{folder}: neither {ARCHIVE} nor annotation files; name the folder of MUSCIMA++ v2.0")
    return found


def split_pages(folder: Path, split: Split) -> tuple[str, ...]:
    """Names of the pages of one split of Pacha et al. 2019 (84 train, 28 valid, 28 test), sorted."""
    names: dict[str, list[str]] = {}
    current = ""
    for line in (folder / "split-mob.yaml").read_text(encoding="utf-8").splitlines():
        if line.startswith("- "):
            names[current].append(line[2:].strip())
        elif line.strip().endswith(":"):
            current = line.strip()[:-1]
            names[current] = []
    found = names.get(split) or names.get("validation" if split == "valid" else split, [])
    if not found:
        raise MuscimaError(f"{folder / 'split-mob.yaml'}: no pages under '{split}'")
    return tuple(sorted(found))


def writer_independent_test(folder: Path) -> tuple[str, ...]:
    """Names of the data set's own test pages by writers who appear on no other page, sorted."""
    text = (folder / "specifications" / "testset-independent.txt").read_text(encoding="utf-8")
    return tuple(sorted(text.split()))


def read_page_truth(path: Path) -> RawPage:
    """The annotations in one file, untouched; raises MuscimaError when it is not an annotation file."""
    try:
        root = etree.parse(str(path)).getroot()
        return RawPage(path.stem, tuple(_node(element) for element in root.iter("Node")))
    except (OSError, ValueError, etree.XMLSyntaxError) as error:
        raise MuscimaError(f"{path}: {error}") from error


def paint(page: RawPage, lines: StaffLines, *, ruled: int = 0) -> Image:
    """The page image, (height, width) uint8, black on white, its staff lines of grey value `ruled` below the ink."""
    image = np.full(page.size, PAPER, np.uint8)
    for node in sorted(page.nodes, key=lambda node: node.label != "staffLine"):
        if node.label in MASKLESS or (lines is StaffLines.REMOVED and node.label == "staffLine"):
            continue
        top, left = int(node.box.top), int(node.box.left)
        height, width = node.mask.shape
        image[top : top + height, left : left + width][node.mask] = ruled if node.label == "staffLine" else 0
    return image


def to_sample(page: RawPage, lines: StaffLines, *, ruled: int = 0) -> Sample:
    """The page with detected classes only and relations as in labels.GRAMMAR; ids are the annotations' own.

    `ruled` is the grey value of its staff lines.
    """
    staves = staves_of(page.nodes)
    spaces = [staff.staff_space for staff in staves]
    return Sample(
        name=page.name if lines is StaffLines.KEPT else f"{page.name}_without-lines",
        image=paint(page, lines, ruled=ruled),
        graph=contracted(page.nodes),
        staves=staves,
        staff_space=float(np.median(spaces)) if spaces else 0.0,
        ignore=ignored(page.nodes),
    )


def samples(
    folder: Path,
    split: Split,
    lines: StaffLines,
    *,
    cache: Path | None = None,
    ruled: Callable[[int], int] = lambda index: 0,
) -> Iterator[Sample]:
    """The pages of a split one after another, by name; `ruled` tells the grey value of the staff lines of each."""
    files = page_files(folder, cache=cache)
    for index, name in enumerate(split_pages(folder, split)):
        yield to_sample(read_page_truth(files[name]), lines, ruled=ruled(index))


def _node(element: etree._Element) -> RawNode:
    top, left, width, height = (int(element.findtext(tag, "")) for tag in ("Top", "Left", "Width", "Height"))
    return RawNode(
        id=int(element.findtext("Id", "")),
        label=element.findtext("ClassName", ""),
        box=Box(left, top, left + width, top + height),
        mask=_mask(element.findtext("Mask", ""), height, width),
        targets=tuple(sorted(int(target) for target in element.findtext("Outlinks", "").split())),
    )


def _mask(runs: str, height: int, width: int) -> npt.NDArray[np.bool_]:
    """The ink of a box from 'value:count' runs along its rows; raises ValueError when they do not fill it."""
    pairs = np.array(runs.replace(":", " ").split(), np.int64).reshape(-1, 2)
    if not len(pairs):
        return np.ones((height, width), np.bool_)
    return np.repeat(pairs[:, 0] > 0, pairs[:, 1]).reshape(height, width)
