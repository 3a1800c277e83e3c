"""What sounds together: chords and rests of all staves of a system that stand over each other.

Engravers align what begins at the same time, whatever the staff. Two voices of one staff may be pushed apart by a head's width.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from omr.reading.items import Head, Item

ALIGNED = 0.95  # staff spaces between items of one column
TIGHT = 0.28  # the same on a second look, when the bar does not add up
TWO_RESTS = 0.5  # staff spaces between rests of two voices that begin together
REST_BESIDE = 0.8  # staff spaces between a rest and what begins with it on its own staff
SAME_DIRECTION = 0.6  # staff spaces between two chords of one staff with stems the same way that begin together
SAME_STEM = 0.35  # staff spaces between two pieces of one stem
VOICE_STEM = 2.0  # staff spaces of stem beyond its heads from which two stems the opposite ways are two voices
SAME_CHORD = 0.7  # staff spaces between a head without a stem and the chord it belongs to
SECOND = 2.1  # staff spaces between whole notes a second apart, which stand side by side in one chord
PUSHED = 1.6  # staff spaces between what begins together in two voices of one staff, whose heads avoid each other
REST_ALIGNED = 1.3  # staff spaces between items of one column where one is a rest, which hangs more loosely


def columns_of(items: Sequence[Item], space: float) -> tuple[tuple[Item, ...], ...]:
    """Items grouped into columns from left to right; two of one staff and stem direction share one only
    when they nearly touch.
    """
    columns: list[list[Item]] = []
    for item in sorted(items, key=lambda item: (item.x, item.id)):
        home = next((column for column in columns[:-3:-1] if _belongs(item, column, space)), None)
        if home is None:
            columns.append([item])
        else:
            home.append(item)
    return _ordered(_pushed_together(columns, space, _pushed))


def _pushed_together(
    columns: Sequence[list[Item]], space: float, pushed: Callable[[Sequence[Item], Sequence[Item], float], bool]
) -> list[list[Item]]:
    """Columns with those joined that only a chord pushed aside by another voice of its staff has parted."""
    found: list[list[Item]] = []
    for column in columns:
        if found and (pushed(found[-1], column, space) or pushed(column, found[-1], space)):
            found[-1].extend(column)
        else:
            found.append(list(column))
    return found


def _pushed(few: Sequence[Item], many: Sequence[Item], space: float) -> bool:
    """Whether `few` stand, on each of their staves, beside heads of theirs in `many` at the same step or the next."""
    if any(item.is_rest for item in few):
        return False
    pairs = [(item, mate) for item in few for mate in many if item.staff == mate.staff]
    if any(0 <= item.group == mate.group for item, mate in pairs):
        return False
    near = {item.staff for item, mate in pairs if _touching(item, mate) and abs(item.x - mate.x) <= PUSHED * space}
    return near == {item.staff for item in few}


def _pushed_by_opposed(few: Sequence[Item], many: Sequence[Item], space: float) -> bool:
    """The same by stems the other way only: what follows on in one voice may stand as near."""
    ways = {(item.staff, item.direction) for item in many}
    return _pushed(few, many, space) and all((item.staff, -item.direction) in ways for item in few)


def _touching(item: Item, other: Item) -> bool:
    return any(abs(head.position - mate.position) <= 1 for head in item.heads for mate in other.heads)


def _belongs(item: Item, column: Sequence[Item], space: float) -> bool:
    reach = ALIGNED
    for other in column:
        if other.staff == item.staff:
            if other.is_rest and item.is_rest:
                if abs(other.x - item.x) > TWO_RESTS * space:
                    return False
            elif other.is_rest or item.is_rest:
                if abs(other.x - item.x) > REST_BESIDE * space:
                    return False
            elif other.direction == item.direction:
                if abs(other.x - item.x) > SAME_DIRECTION * space:
                    return False
            else:
                reach = max(reach, PUSHED)
            if other.group >= 0 and other.group == item.group:
                return False
        if other.is_rest or item.is_rest:
            reach = max(reach, REST_ALIGNED)
    middle = sum(other.x for other in column) / len(column)
    return abs(item.x - middle) <= reach * space


def tightened(columns: Sequence[Sequence[Item]], space: float) -> tuple[tuple[Item, ...], ...]:
    """Columns taken apart where their items do not quite stand over each other: three notes against two."""
    parts: list[list[Item]] = []
    for column in columns:
        fresh = True
        for item in sorted(column, key=lambda item: (item.x, item.id)):
            if not fresh and item.x - parts[-1][-1].x <= TIGHT * space:
                parts[-1].append(item)
            else:
                parts.append([item])
            fresh = False
    return _ordered(_pushed_together(parts, space, _pushed_by_opposed))


def _ordered(columns: Sequence[Sequence[Item]]) -> tuple[tuple[Item, ...], ...]:
    return tuple(tuple(sorted(column, key=lambda item: (item.staff, -item.direction, item.id))) for column in columns)


def merge_fragments(items: Sequence[Item], space: float, *, certain: bool = False) -> tuple[Item, ...]:
    """Heads of one chord that no stem holds together, joined: whole notes over each other, or a head whose stem was missed.

    `certain`: stems were related to their heads beyond doubt, so what has one is whole.
    """
    merged: list[Item] = []
    for item in sorted(items, key=lambda item: (item.x, item.id)):
        homes = [place for place, other in enumerate(merged) if _fragment(item, other, space, certain)]
        if not homes:
            merged.append(item)
            continue
        if any(other.stem is not None for other in (item, *(merged[place] for place in homes))):
            homes = homes[:1]
        for place in homes:
            item = _joined(item, merged[place])
        merged[homes[0]] = item
        merged = [other for place, other in enumerate(merged) if place not in homes[1:]]
    return tuple(_in_line(item, merged) if item.stem is None and len(item.heads) > 1 else item for item in merged)


def _in_line(item: Item, items: Sequence[Item]) -> Item:
    """A chord without a stem where those of its heads stand that are in line with another staff.

    Which heads of a second are pushed aside is told by nothing else.
    """
    xs = sorted({item.x, *(head.node.box.center.x for head in item.heads)})
    others = [other.x for other in items if other.staff != item.staff]
    if not others or xs[-1] - xs[0] < item.heads[0].node.box.width / 2:
        return item
    best = min(xs, key=lambda x: (min(abs(x - other) for other in others), x))
    return item if best == item.x else replace(item, x=best)


def _joined(item: Item, other: Item) -> Item:
    main, extra = (item, other) if _rank(item) > _rank(other) else (other, item)
    heads = tuple(sorted((*main.heads, *extra.heads), key=lambda head: (-head.node.box.center.y, head.node.id)))
    return replace(
        main, heads=heads, dots=max(main.dots, extra.dots),
        dot_nodes=(*main.dot_nodes, *extra.dot_nodes), attached=(*main.attached, *extra.attached),
    )  # fmt: skip


def _rank(item: Item) -> tuple[bool, int, int]:
    """Which of two fragments tells the chord's length: the one with a stem, then with beams or flags, then with more heads."""
    return item.stem is not None, item.levels, len(item.heads)


def _fragment(item: Item, other: Item, space: float, certain: bool) -> bool:
    """Whether two items are one chord: one of them without a stem, or both on one stem that was found in two pieces."""
    if item.is_rest or other.is_rest or item.staff != other.staff or item.grace != other.grace:
        return False
    if item.heads[0].node.label != other.heads[0].node.label:
        return False
    if {head.position for head in item.heads} & {head.position for head in other.heads}:
        return False
    if certain and (item.stem is not None or other.stem is not None or item.dots != other.dots):
        return False
    if item.stem is not None and other.stem is not None:
        if abs(item.stem.box.center.x - other.stem.box.center.x) > SAME_STEM * space:
            return False
        return item.direction == other.direction or min(_free(item), _free(other)) < VOICE_STEM * space
    if item.stem is None and other.stem is None:
        return any(_one_chord(head, mate, space) for head in item.heads for mate in other.heads)
    return abs(item.x - other.x) <= SAME_CHORD * space


def _one_chord(head: Head, mate: Head, space: float) -> bool:
    """Whether two heads without stems stand over each other, or side by side a second apart."""
    reach = SECOND if abs(head.position - mate.position) == 1 else SAME_CHORD
    return abs(head.node.box.center.x - mate.node.box.center.x) <= reach * space


def _free(item: Item) -> float:
    """How far a stem goes beyond the middles of its heads."""
    assert item.stem is not None
    heads = [head.node.box.center.y for head in item.heads]
    return max(min(heads) - item.stem.box.top, item.stem.box.bottom - max(heads))
