"""Staves of an engraved page: verovio draws five strokes a bar, joined here to lines that run through the system."""

from __future__ import annotations

from collections import defaultdict

from datasets.synthetic.primitive import Owner, Primitive
from datasets.synthetic.scene import Scene
from omr.geometry import union
from omr.notation import Staff, StaffLine


def key_of(owner: Owner) -> tuple[int, int]:
    """(system, staff number); (-1, -1) for ink on no staff."""
    return (owner.system, int(owner.staff)) if owner.staff.isdigit() else (-1, -1)


def staves_of(scene: Scene) -> dict[tuple[int, int], Staff]:
    """Staves by (system, staff number), indexed from the top of the page."""
    strokes: dict[tuple[int, int], dict[str, list[Primitive]]] = defaultdict(lambda: defaultdict(list))
    for primitive in scene.primitives:
        if primitive.label == "staffLine":
            strokes[key_of(primitive.owner)][primitive.owner.element].append(primitive)
    found = {key: _staff(key, list(bars.values())) for key, bars in strokes.items()}
    ordered = sorted(found, key=lambda key: (found[key].box.top, key))
    systems = {system: place for place, system in enumerate(dict.fromkeys(key[0] for key in ordered))}
    return {key: _numbered(found[key], ordered.index(key), systems[key[0]]) for key in ordered}


def _staff(key: tuple[int, int], bars: list[list[Primitive]]) -> Staff:
    """One staff from its strokes bar by bar; raises nothing: a bar with another count of lines is left out."""
    count = max(len(bar) for bar in bars)
    rows = [sorted(bar, key=lambda line: line.box.center.y) for bar in bars if len(bar) == count]
    left = min(line.box.left for bar in rows for line in bar)
    right = max(line.box.right for bar in rows for line in bar)
    heights = [sum(bar[row].box.center.y for bar in rows) / len(rows) for row in range(count)]
    lines = tuple(StaffLine(xs=(left, right), ys=(height, height)) for height in heights)
    box = union(line.box for bar in rows for line in bar)
    space = (heights[-1] - heights[0]) / (count - 1) if count > 1 else 0.0
    return Staff(index=0, system=key[0], lines=lines, box=box, staff_space=space or 20.0)


def _numbered(staff: Staff, index: int, system: int) -> Staff:
    return Staff(index=index, system=system, lines=staff.lines, box=staff.box, staff_space=staff.staff_space)
