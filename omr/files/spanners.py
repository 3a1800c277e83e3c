"""Numbers for slurs: MusicXML tells up to 16 simultaneous slurs of a part apart by a number that is free again afterwards.

Readers match a start with a stop in the order of the document, in which voices follow each other, so a number counts as taken
over the whole stretch of the document between the two ends, whichever comes first.
"""

from __future__ import annotations

from collections.abc import Mapping

from omr.score import Part

HIGHEST_NUMBER = 16


def slur_numbers(part: Part) -> Mapping[str, int]:
    """The number 1-16 of each slur key of `part`; a slur for which no number is free is left out."""
    busy_until: dict[int, int] = {}
    numbers: dict[str, int] = {}
    for first, last, key in sorted(_stretches(part)):
        free = (number for number in range(1, HIGHEST_NUMBER + 1) if busy_until.get(number, -1) < first)
        number = next(free, None)
        if number is not None:
            busy_until[number] = last
            numbers[key] = number
    return numbers


def _stretches(part: Part) -> list[tuple[int, int, str]]:
    """(first, last place in the document, key) of each slur; places count events as written, voice by voice."""
    places: dict[str, list[int]] = {}
    written = 0
    for measure in part.measures:
        for event in sorted(measure.events, key=lambda event: (event.voice, event.onset)):
            written += 1
            for mark in event.slurs:
                places.setdefault(mark.key, []).append(written)
    return [(min(found), max(found), key) for key, found in places.items()]
