"""How far the staves of a prepared page are from level, equal and upright: what tells a photograph from a flat scan.

Assumes that staves were printed level, with lines at equal distances from end to end and left ends above one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from omr.notation import Staff
from omr.prepare.prepared import STAFF_SPACE

Floats = npt.NDArray[np.float64]

SAMPLES: Final = 24
"""Places looked at on each staff."""
LONG: Final = 12.0
"""Staff spaces from which a staff says something about the page."""
SWAY: Final = 0.5
"""Staff spaces; flat scans show .1 to .3."""
NARROWING: Final = 0.02
"""Flat scans show .001 to .008."""
LEAN: Final = 0.04
"""Flat scans show up to .01."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bend:
    """Departures of a page's staves from what was printed."""

    sway: float
    """Staff spaces between the highest and the lowest place of a middle line, the third quartile over the staves."""
    narrowing: float
    """Share by which the distance of lines changes from end to end of a staff, the median over the staves."""
    lean: float
    """Slope of the staves' left or right ends, whichever is less, sideways for each pixel down: ends of too few staves vary."""

    @property
    def worth_straightening(self) -> bool:
        return self.sway > SWAY or self.narrowing > NARROWING or self.lean > LEAN


def bend_of(staves: Sequence[Staff]) -> Bend:
    """What `staves` of a prepared page show; nothing where none is LONG."""
    long = [staff for staff in staves if staff.box.width >= LONG * STAFF_SPACE and len(staff.lines) > 1]
    if not long:
        return Bend(sway=0.0, narrowing=0.0, lean=0.0)
    sways, narrowings = zip(*(_along(staff) for staff in long), strict=True)
    return Bend(
        sway=float(np.percentile(sways, 75)),
        narrowing=float(np.median(narrowings)),
        lean=min(_lean(long, right=False), _lean(long, right=True)),
    )


def sampled(staff: Staff, count: int = SAMPLES) -> tuple[Floats, Floats]:
    """(count,) columns from end to end of `staff` and (lines, count) heights of its lines there."""
    first = staff.lines[0].xs
    columns = np.linspace(first[0], first[-1], count)
    return columns, np.stack([np.interp(columns, line.xs, line.ys) for line in staff.lines])


def _along(staff: Staff) -> tuple[float, float]:
    """Sway in staff spaces and narrowing of one staff."""
    columns, heights = sampled(staff)
    middle = heights.mean(axis=0)
    distance = (heights[-1] - heights[0]) / (len(heights) - 1)
    slope = np.polyfit(columns - columns.mean(), distance, 1)[0]
    return float(np.ptp(middle)) / STAFF_SPACE, abs(float(slope)) * float(np.ptp(columns)) / float(distance.mean())


def _lean(staves: Sequence[Staff], *, right: bool) -> float:
    """Slope of the line that most staves' ends lie on, 0 for too few staves; indents and short last lines are left out."""
    y = np.array([staff.box.center.y for staff in staves])
    x = np.array([staff.box.right if right else staff.box.left for staff in staves])
    if len(x) < 4:
        return 0.0
    return abs(common_slope(y, x))


def common_slope(along: Floats, values: Floats) -> float:
    """The median of the slopes between all pairs of points (Theil and Sen)."""
    first, second = np.triu_indices(len(along), 1)
    distance = along[second] - along[first]
    apart = np.abs(distance) > STAFF_SPACE
    if not apart.any():
        return 0.0
    return float(np.median((values[second] - values[first])[apart] / distance[apart]))
