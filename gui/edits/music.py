"""Decisions about the music: pitch and length of notes, timings of bars, clefs, keys and times, parts, bars checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from gui.edits.error import EditError, node_of, page_of, result_of
from gui.edits.symbols import move
from gui.state import BarKey, NodeKey, Override, State, Timing, Value
from omr.geometry import Point
from omr.ink import staff_near
from omr.labels import NOTEHEADS, RESTS
from omr.score import Clef, Key, Time


def set_pitch_step(state: State, page_id: str, ids: Collection[int], steps: int) -> State:
    """The state with some heads raised by `steps` staff positions (negative: lowered)."""
    result = result_of(page_of(state, page_id))
    heads = [node for node in (node_of(result, node_id) for node_id in sorted(set(ids))) if node.label in NOTEHEADS]
    if not heads:
        raise EditError("select a notehead to change its pitch")
    for head in heads:
        staff = staff_near(result, head.box)
        if staff is None:
            raise EditError("there is no staff on this page")
        x, y = head.box.center.x, head.box.center.y
        position = staff.position_at(x, y)
        state = move(state, page_id, [head.id], Point(0.0, staff.y_of(x, position - steps) - y))
    return state


def set_duration(state: State, keys: Collection[NodeKey], value: Value | None) -> State:
    """The state with a printed length given to chords and rests, named by a head or the rest; None: as it was read."""
    if not keys:
        raise EditError("select a note or rest to change its length")
    for page_id, node_id in sorted(keys):
        entry = page_of(state, page_id)
        if node_of(result_of(entry), node_id).label not in (*NOTEHEADS, *RESTS):
            raise EditError("only notes and rests have a length")
        kept = {own: told for own, told in entry.values.items() if own != node_id}
        state = state.with_page(replace(entry, values=kept if value is None else {**kept, node_id: value}))
    return state


def choose_timing(state: State, bar: BarKey, timing: Timing | None) -> State:
    """The state with a bar timed as chosen among its readings; None: as the reader finds best."""
    kept: Mapping[BarKey, Timing] = {own: chosen for own, chosen in state.decisions.bars.items() if own != bar}
    bars = kept if timing is None else {**kept, bar: timing}
    return replace(state, decisions=replace(state.decisions, bars=bars))


def mark_checked(state: State, bars: Collection[BarKey]) -> State:
    """The state with some bars checked by a person."""
    return replace(state, decisions=replace(state.decisions, checked=state.decisions.checked.union(bars)))


def unmark_checked(state: State, bars: Collection[BarKey]) -> State:
    return replace(state, decisions=replace(state.decisions, checked=state.decisions.checked.difference(bars)))


def accept_issue(state: State, bar: BarKey, code: str) -> State:
    """The state with issues `code` of a bar taken for right."""
    return replace(state, decisions=replace(state.decisions, accepted=state.decisions.accepted | {(bar, code)}))


def set_signature(
    state: State, value: Clef | Key | Time, *, first: BarKey, last: BarKey, staff: int | None = None
) -> State:
    """The state with a clef (of one staff of the systems, 0 = top), key or time from bar `first` to bar `last`."""
    if isinstance(value, Clef) and staff is None:
        raise EditError("say which staff the clef is for")
    if _order(state, last) < _order(state, first):
        raise EditError("the range ends before it begins")
    override = Override(first=first, last=last, value=value, staff=staff if isinstance(value, Clef) else None)
    kept = tuple(own for own in state.decisions.overrides if not _same_place(own, override))
    return replace(state, decisions=replace(state.decisions, overrides=(*kept, override)))


def rename_part(state: State, part: int, name: str) -> State:
    """The state with a part (0 = top) named; an empty name takes the printed one again."""
    kept = {own: text for own, text in state.decisions.names.items() if own != part}
    names = {**kept, part: name.strip()} if name.strip() else kept
    return replace(state, decisions=replace(state.decisions, names=names))


def group_staves(state: State, groups: tuple[int, ...] | None) -> State:
    """The state with the document's staves shared among parts, staves of each from the top; None: as the braces say."""
    if groups is not None and (not groups or min(groups) < 1):
        raise EditError("every part needs at least one staff")
    return replace(state, decisions=replace(state.decisions, groups=groups))


def _order(state: State, bar: BarKey) -> tuple[int, int, int]:
    try:
        return state.place(bar.page), bar.system, bar.measure
    except KeyError:
        raise EditError("the page is no longer in the document") from None


def _same_place(one: Override, other: Override) -> bool:
    same = (one.first, one.last, one.staff) == (other.first, other.last, other.staff)
    return same and type(one.value) is type(other.value)
