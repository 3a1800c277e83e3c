"""Staves as five traced lines, and the systems they stand in.

Works on the prepared image (omr.prepare): level to within some degrees, one main staff space. Assumes that a staff is five
thin equidistant lines much longer than they are far apart, with nothing of that kind directly above or below.
"""

from __future__ import annotations

from omr.staves.aligned import systems_by_barlines
from omr.staves.asides import split_asides, without_asides
from omr.staves.find import find_staves
from omr.staves.systems import group_systems

__all__ = ["find_staves", "group_systems", "split_asides", "systems_by_barlines", "without_asides"]
