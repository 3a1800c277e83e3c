"""What the paper does not say about voices is taken out of the truth, and of what was read at the same places.

Two voices share a staff, one of them falls silent and no rest is printed for it: which of the two goes on is told by nothing,
for the stems of a voice alone on a staff follow its height. The same holds where a second voice enters and no rest was printed
before it. There the voices are cut in two. A voice whose beam runs on over such a moment is printed as one, so nothing is cut.
Where one voice falls silent just as another begins and their stems point the same way, the paper shows one voice, and so does
the truth. Whole notes have no stems: those of one staff that begin and end together may be a chord or several voices, and count
as a chord. Where two voices might exchange what follows, without one stem, crossing, silence or tie more than the file has, the
paper does not tell which of them goes on with what (exchanged_voices.py): just these two are cut there. And a voice that is
silent for a while without a rest may as well be two, one before and one after.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from benchmarks.exchanged_voices import Exchange, exchanges
from benchmarks.printed_notes import Printed
from omr.metrics.notes import aligned_bars, parse_musicxml, read_bars, timed_notes, whole_number

Moment = tuple[int, Fraction]
"""(staff, time from the barline)."""


def as_told(truth: bytes, found: bytes) -> tuple[bytes, bytes]:
    """Both scores with the voices cut where the truth's print does not say which goes on."""
    pairs = aligned_bars(read_bars(truth), read_bars(found))
    here, there = parse_musicxml(truth), parse_musicxml(found)
    true_bars, found_bars = _bars(here), _bars(there)
    for place, other in pairs:
        true_bars[place] = _joined(true_bars[place])
        moments = untold(true_bars[place])
        chords = _chords(true_bars[place])
        alike = exchanges(true_bars[place])
        for bar in (true_bars[place], found_bars[other]):
            _rename(bar, moments, chords, alike)
    return ET.tostring(here), ET.tostring(there)


def _bars(root: ET.Element) -> list[list[Printed]]:
    """The printed notes and rests of each bar, of all parts together."""
    bars: list[list[Printed]] = []
    first = 0
    for number, part in enumerate(root.findall("part")):
        divisions = 1
        for index, measure in enumerate(part.findall("measure")):
            if index == len(bars):
                bars.append([])
            timed, divisions = timed_notes(measure, divisions)
            for note, onset, duration in timed:
                if note.get("print-object") != "no":
                    staff = first + whole_number(note.findtext("staff"), 1) - 1
                    voice = number, note.findtext("voice") or "1"
                    entry = Printed(element=note, voice=voice, staff=staff, onset=onset, end=onset + duration)
                    bars[index].append(entry)
        first += max((whole_number(element.text, 1) for element in part.iter("staves")), default=1)
    return bars


def _joined(bar: Sequence[Printed]) -> list[Printed]:
    """The bar with one voice where one is printed: another begins on its staff just as it falls silent, stems alike."""
    entries = list(bar)
    for staff, moment in sorted({(entry.staff, entry.onset) for entry in bar if entry.onset}):
        here = [entry for entry in entries if entry.staff == staff]
        before = {entry.voice for entry in here if entry.onset < moment <= entry.end}
        after = {entry.voice for entry in here if entry.onset <= moment < entry.end}
        if len(before - after) != 1 or len(after - before) != 1:
            continue
        (gone,), (come,) = before - after, after - before
        stems = {entry.element.findtext("stem") for entry in here if entry.end == moment and entry.voice == gone}
        stems |= {entry.element.findtext("stem") for entry in here if entry.onset == moment and entry.voice == come}
        later = any(entry.voice == gone and entry.end > moment for entry in entries)
        earlier = any(entry.voice == come and entry.onset < moment for entry in entries)
        if len(stems) == 1 and not later and not earlier:
            for entry in entries:
                if entry.voice == come:
                    _name(entry.element, gone[1])
            entries = [replace(entry, voice=gone) if entry.voice == come else entry for entry in entries]
    return entries


def untold(bar: Sequence[Printed]) -> frozenset[Moment]:
    """When a staff has one voice on one side and on the other side has not the same, and no beam tells which goes on."""
    last = max((entry.end for entry in bar), default=Fraction(0))
    return frozenset(
        (staff, moment)
        for staff in {entry.staff for entry in bar}
        for moment in {entry.end for entry in bar if entry.staff == staff}
        | {entry.onset for entry in bar if entry.staff == staff}
        if 0 < moment < last and _untold(bar, staff, moment)
    )


def _untold(bar: Sequence[Printed], staff: int, moment: Fraction) -> bool:
    before = {entry.voice for entry in bar if entry.staff == staff and entry.onset < moment <= entry.end}
    after = {entry.voice for entry in bar if entry.staff == staff and entry.onset <= moment < entry.end}
    if before == after or not before or not after or min(len(before), len(after)) > 1:
        return False
    if any(_elsewhere(bar, voice, staff, moment) for voice in before ^ after):
        return False
    return not any(entry.end == moment and entry.voice in before and entry.beamed_on for entry in bar)


def _elsewhere(bar: Sequence[Printed], voice: tuple[int, str], staff: int, moment: Fraction) -> bool:
    """Whether a voice that leaves or enters a staff is printed on another staff just then."""
    return any(entry.voice == voice and entry.staff != staff and entry.onset <= moment <= entry.end for entry in bar)


def _chords(bar: Sequence[Printed]) -> frozenset[tuple[int, Fraction, Fraction]]:
    """(staff, onset, end) of whole notes that several voices have at once."""
    voices: dict[tuple[int, Fraction, Fraction], set[object]] = {}
    for entry in bar:
        if entry.stemless:
            voices.setdefault((entry.staff, entry.onset, entry.end), set()).add(entry.voice)
    return frozenset(spot for spot, some in voices.items() if len(some) > 1)


def _rename(
    bar: Sequence[Printed],
    moments: frozenset[Moment],
    chords: frozenset[tuple[int, Fraction, Fraction]],
    alike: Sequence[Exchange],
) -> None:
    """Give what stands between two cuts of a voice a name of its own, and chords of whole notes one name."""
    for voice in {entry.voice for entry in bar}:
        own = [entry for entry in bar if entry.voice == voice]
        whole = [entry for entry in own if entry.stemless and (entry.staff, entry.onset, entry.end) in chords]
        cuts = {*_cuts(own, moments, alike), *(time for entry in whole for time in (entry.onset, entry.end))}
        for entry in own:
            spot = entry.staff, entry.onset, entry.end
            part = sum(cut <= entry.onset for cut in cuts)
            name = f"chord {spot}" if entry in whole else f"{voice[1]} {part}"
            _name(entry.element, name)


def _cuts(own: Sequence[Printed], moments: frozenset[Moment], alike: Sequence[Exchange]) -> Iterator[Fraction]:
    """The moments at which one note of a voice ends and another begins, where that is untold."""
    ordered = sorted(own, key=lambda entry: (entry.onset, entry.end))
    for one, other in pairwise(ordered):
        if one.end < other.onset or any(exchange.holds(one, other) for exchange in alike):
            yield other.onset
        for staff, moment in moments:
            if staff in (one.staff, other.staff) and one.end <= moment <= other.onset:
                yield moment


def _name(note: ET.Element, name: str) -> None:
    voice = note.find("voice")
    if voice is None:
        voice = ET.SubElement(note, "voice")
    voice.text = name
