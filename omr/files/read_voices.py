"""Which of our voices a voice of a file is: programs number them through the part, through the staff, or as they like.

A voice keeps its name through a part. It belongs to the staff on which most of its notes of a bar stand; when notes of one
name overlap on two staves, the file counts voices anew on each staff, and each staff's share is a voice of its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from omr.files.gate_voices import VOICES_PER_STAFF
from omr.files.read_notes import Sounding
from omr.score import Event

VoiceKey = tuple[int, str]
"""(staff that owns it, name in the file)."""


def number_voices(bars: Sequence[Sequence[Sounding]], staves: int) -> tuple[tuple[Event, ...], ...]:
    """The events of each bar of a part with voices numbered as in omr.score, ordered by onset, staff and voice."""
    split = any(_overlaps_across_staves(bar) for bar in bars)
    keys = [_keys(bar, split) for bar in bars]
    numbers = _numbers({key for bar in keys for key in bar}, staves)
    return tuple(
        tuple(sorted((replace(each.event, voice=numbers[key]) for each, key in zip(bar, own, strict=True)), key=_order))
        for bar, own in zip(bars, keys, strict=True)
    )


def _order(event: Event) -> tuple[Fraction, int, int, bool]:
    return event.onset, event.staff, event.voice, event.grace is None


def _keys(bar: Sequence[Sounding], split: bool) -> list[VoiceKey]:
    """The voice of each event of a bar."""
    if split:
        return [(each.event.staff, each.voice) for each in bar]
    staves: dict[str, Counter[int]] = defaultdict(Counter)
    for each in bar:
        staves[each.voice][each.event.staff] += 1
    owners = {voice: min(counts, key=lambda staff: (-counts[staff], staff)) for voice, counts in staves.items()}
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
        own = int(name) if re.fullmatch(r"\d{1,4}", name) else 0
        if (own - 1) // VOICES_PER_STAFF + 1 == staff:
            numbers[staff, name] = own
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
    return int(name) if re.fullmatch(r"\d{1,4}", name) else 10_000, name
