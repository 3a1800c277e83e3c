"""Staves found and the exactness of their lines on pages whose every line is known: MUSCIMA++ and our own engraving.

    python -m benchmarks.staff_lines --muscima FOLDER [--limit N]
    python -m benchmarks.staff_lines --engraved DRAWS [--seed N]

Ends with one JSON line: shares of staves found, staves that are none, systems grouped as in the truth (engraving only: the
handwritten truth names no systems), and the mean distance of the lines in staff spaces.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

import cv2
import numpy as np

from benchmarks.staves import overlay
from datasets.muscima import StaffLines, samples
from datasets.sample import Sample
from datasets.synthetic.generate import Plan, generate
from omr.errors import NoStavesError
from omr.notation import Staff
from omr.page import PageImage
from omr.prepare import prepare
from omr.staves import find_staves, group_systems

SAME = 1.0
"""Staff spaces by which the middle line of a found staff may miss that of the true one."""
SHARED = 0.8
"""Share of the true staff's width that the found one must cover."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One page."""

    true_staves: int
    found_staves: int
    false_staves: int
    joints_right: int
    """Neighbouring staves rightly joined or rightly kept apart, where all were found."""
    joints: int
    line_errors: tuple[float, ...]
    """Staff spaces, one for each line of each staff found."""


def recognised(sample: Sample) -> tuple[Staff, ...]:
    """Staves in pixels of the sample."""
    try:
        prepared = prepare(PageImage(pixels=sample.image.copy(), source=sample.name, index=0))
    except NoStavesError:
        return ()
    staves = group_systems(find_staves(prepared.image), prepared.image)
    return tuple(prepared.staff_to_page(staff) for staff in staves)


def judge(sample: Sample, found: tuple[Staff, ...]) -> Verdict:
    truth = tuple(staff for staff in sample.staves if len(staff.lines) == 5)
    partners = [next((staff for staff in found if matches(staff, true)), None) for true in truth]
    matched = [(staff, true) for staff, true in zip(partners, truth, strict=True) if staff is not None]
    joints = [
        (a.system == b.system) == (true_a.system == true_b.system)
        for (a, true_a), (b, true_b) in pairwise(matched)
        if true_b.index == true_a.index + 1
    ]
    return Verdict(
        true_staves=len(truth),
        found_staves=len(matched),
        false_staves=sum(not any(matches(staff, true) for true in sample.staves) for staff in found),
        joints_right=sum(joints),
        joints=len(joints),
        line_errors=tuple(error for staff, true in matched for error in line_errors(staff, true)),
    )


def matches(staff: Staff, true: Staff) -> bool:
    left, right = max(staff.box.left, true.box.left), min(staff.box.right, true.box.right)
    if right - left < SHARED * true.box.width or len(true.lines) != len(staff.lines):
        return False
    x = (left + right) / 2
    return abs(staff.lines[2].y_at(x) - true.lines[2].y_at(x)) < SAME * true.staff_space


def line_errors(staff: Staff, true: Staff) -> Iterator[float]:
    """Mean distance in staff spaces of each line over the width that both share."""
    left, right = max(staff.box.left, true.box.left), min(staff.box.right, true.box.right)
    xs = np.linspace(left, right, 200)
    for line, true_line in zip(staff.lines, true.lines, strict=True):
        distance = np.interp(xs, line.xs, line.ys) - np.interp(xs, true_line.xs, true_line.ys)
        yield float(np.abs(distance).mean()) / true.staff_space


def summary(verdicts: list[Verdict]) -> dict[str, float]:
    errors = np.array([error for verdict in verdicts for error in verdict.line_errors])
    return {
        "pages": len(verdicts),
        "staves": sum(verdict.true_staves for verdict in verdicts),
        "staves_found": share(sum(verdict.found_staves for verdict in verdicts), sum(v.true_staves for v in verdicts)),
        "false_staves": sum(verdict.false_staves for verdict in verdicts),
        "joints_right": share(sum(verdict.joints_right for verdict in verdicts), sum(v.joints for v in verdicts)),
        "line_error_mean": round(float(errors.mean()), 4) if len(errors) else 0.0,
        "line_error_worst": round(float(errors.max()), 4) if len(errors) else 0.0,
    }


def share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def pages(arguments: argparse.Namespace) -> Iterator[Sample]:
    if arguments.muscima:
        yield from islice(samples(arguments.muscima, "test", StaffLines.KEPT), arguments.limit or None)
    else:
        plan = Plan(sources=(), seed=arguments.seed)
        for draw in range(arguments.engraved):
            yield from generate(plan, draw)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--muscima", type=Path, help="folder of MUSCIMA++ v2.0; its test pages are used")
    kind.add_argument("--engraved", type=int, help="draws of worn pages of made-up music")
    parser.add_argument("--limit", type=int, default=0, help="first N pages only; 0 = all")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--overlays", type=Path, help="folder for pictures of pages with a fault")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    verdicts = []
    for sample in pages(arguments):
        found = recognised(sample)
        verdict = judge(sample, found)
        verdicts.append(verdict)
        wrong = (
            verdict.found_staves < verdict.true_staves or verdict.false_staves or verdict.joints_right < verdict.joints
        )
        if wrong:
            print(json.dumps({"name": sample.name, **summary([verdict])}))
        if wrong and arguments.overlays:
            arguments.overlays.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(arguments.overlays / f"{sample.name.replace('/', '_')}.png"), overlay(sample.image, found))
    print(json.dumps(summary(verdicts)))


if __name__ == "__main__":
    main()
