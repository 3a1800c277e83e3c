"""Which of our voices a voice of a file is: programs number them through the part, through the staff, or as they like.

A voice keeps its name through a part. A number that is used as ours are (5 to 8 for the second staff) belongs to its staff;
another name belongs to the staff on which most of its notes of a bar stand. When notes of one name overlap on two staves, the
file counts voices anew on each staff, and each staff's share is a voice of its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from omr.files.gate_voices import VOICES_PER_STAFF, owning_staff
from omr.files.read_notes import Sounding
from omr.score import Event

VoiceKey = tuple[int, str]
"""(staff that owns it, name in the file)."""


def number_voices(bars: Sequence[Sequence[Sounding]], staves: int) -> tuple[tuple[Event, ...], ...]:
    """The events of each bar of a part with voices numbered as in omr.score, ordered by onset, staff and voice."""
    split = any(_overlaps_across_staves(bar) for bar in bars)
    homes = _homes(each for bar in bars for each in bar)
    keys = [_keys(bar, homes, split) for bar in bars]
    numbers = _numbers({key for bar in keys for key in bar}, staves)
    return tuple(
        tuple(sorted((replace(each.event, voice=numbers[key]) for each, key in zip(bar, own, strict=True)), key=_order))
        for bar, own in zip(bars, keys, strict=True)
    )


def _order(event: Event) -> tuple[Fraction, int, int, bool]:
    return event.onset, event.staff, event.voice, event.grace is None


def _homes(sounding: Iterable[Sounding]) -> Mapping[str, int]:
    """The staves of the voices that are numbered as ours."""
    homes = _owners(sounding)
    return {name: staff for name, staff in homes.items() if owning_staff(_number(name)) == staff}


def _owners(sounding: Iterable[Sounding]) -> Mapping[str, int]:
    """For each voice the staff with most of its notes."""
    staves: dict[str, Counter[int]] = defaultdict(Counter)
    for each in sounding:
        staves[each.voice][each.event.staff] += 1

    def order(name: str, staff: int) -> tuple[int, bool, int]:
        return -staves[name][staff], owning_staff(_number(name)) != staff, staff

    return {name: min(counts, key=lambda staff: order(name, staff)) for name, counts in staves.items()}


def _keys(bar: Sequence[Sounding], homes: Mapping[str, int], split: bool) -> list[VoiceKey]:
    """The voice of each event of a bar."""
    if split:
        return [(each.event.staff, each.voice) for each in bar]
    owners = {**_owners(bar), **homes}
    return [(owners[each.voice], each.voice) for each in bar]


def _overlaps_across_staves(bar: Iterable[Sounding]) -> bool:
    reached: dict[str, dict[int, Fraction]] = defaultdict(dict)
    for each in sorted(bar, key=lambda each: each.event.onset):
        event = each.event
        elsewhere = (end for staff, end in reached[each.voice].items() if staff != event.staff)
        if event.duration and event.onset < max(elsewhere, default=Fraction(0)):
            return True
        before = reached[each.voice].get(event.staff, Fraction(0))
        reached[each.voice][event.staff] = max(before, event.onset + event.duration)
    return False


def _numbers(keys: Iterable[VoiceKey], staves: int) -> Mapping[VoiceKey, int]:
    """A number for each voice: its own where that is one of its staff's, else the first that is free, then beyond all."""
    numbers: dict[VoiceKey, int] = {}
    ordered = sorted(keys, key=lambda key: (key[0], _natural(key[1])))
    for staff, name in ordered:
        if owning_staff(_number(name)) == staff:
            numbers[staff, name] = _number(name)
    taken = set(numbers.values())
    for key in ordered:
        if key not in numbers:
            first = VOICES_PER_STAFF * (key[0] - 1) + 1
            free = (number for number in range(first, first + VOICES_PER_STAFF) if number not in taken)
            beyond = max(VOICES_PER_STAFF * staves, *taken, 0) + 1
            numbers[key] = next(free, beyond)
            taken.add(numbers[key])
    return numbers


def _natural(name: str) -> tuple[int, str]:
    return _number(name) or 10_000, name


def _number(name: str) -> int:
    """0 for a name that is no small number."""
    return int(name) if re.fullmatch(r"\d{1,4}", name) else 0
