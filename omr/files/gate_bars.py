"""Repair of the frame of the score: every part has the same bars, as long, and states clef, key and time first.

Readers line parts up by counting bars, so a part that lacks one shifts all its later music against the others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from omr.files.gate_voices import bar_issue
from omr.files.updated import updated
from omr.score import Barline, Clef, ClefChange, Event, Issue, Key, Measure, Part, Time

DEFAULT_BAR = Fraction(4)  # quarter notes, where neither bar nor time signature says more
_NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_BEAT_TYPES = (4, 8, 2, 16, 32)  # likeliest first


def repair_frame(parts: Sequence[Part]) -> tuple[tuple[Part, ...], tuple[Issue, ...]]:
    """`parts` with unique ids, equal bars and a full statement at the start, and what had to be added."""
    named = _with_ids(parts or (Part(id="P1", name="", staves=1, measures=()),))
    equal, issues = _with_equal_bars(named)
    times = _times(equal)
    timed = tuple(_with_times(part, times) for part in equal)
    missing = tuple(issue for part in timed for issue in _missing_clefs(part))
    return tuple(_with_start(part) for part in timed), (*issues, *missing)


def _with_ids(parts: Sequence[Part]) -> tuple[Part, ...]:
    valid = len({part.id for part in parts}) == len(parts) and all(_NCNAME.fullmatch(part.id) for part in parts)
    if valid:
        return tuple(updated(part, staves=max(part.staves, 1)) for part in parts)
    return tuple(
        updated(part, id=f"P{number}", staves=max(part.staves, 1)) for number, part in enumerate(parts, start=1)
    )


def _with_equal_bars(parts: Sequence[Part]) -> tuple[tuple[Part, ...], tuple[Issue, ...]]:
    bars = max(1, *(len(part.measures) for part in parts))
    longest = max(parts, key=lambda part: len(part.measures))
    issues: list[Issue] = []
    completed = []
    for part in parts:
        measures = list(part.measures)
        for index in range(len(measures), bars):
            model = longest.measures[index] if index < len(longest.measures) else None
            measures.append(_silent_bar(part, index, model))
            message = f"part {part.name or part.id} had no bar {measures[-1].number}; a silent one was added"
            issues.append(bar_issue("bar-missing", message, part, measures[-1]))
        completed.append([updated(measure, index=index) for index, measure in enumerate(measures)])
    lengths = [max(_length(measures[index]) for measures in completed) for index in range(bars)]
    return tuple(
        updated(part, measures=tuple(_lengthened(m, length) for m, length in zip(measures, lengths, strict=True)))
        for part, measures in zip(parts, completed, strict=True)
    ), tuple(issues)


def _lengthened(measure: Measure, length: Fraction) -> Measure:
    """`measure` at `length` quarter notes, with the rests that fill it whatever its length."""
    events = tuple(updated(event, duration=length) if event.measure_rest else event for event in measure.events)
    return updated(measure, duration=length, events=events)


def _length(measure: Measure) -> Fraction:
    if measure.duration > 0:
        return measure.duration
    return measure.time.length if measure.time else DEFAULT_BAR


def _silent_bar(part: Part, index: int, model: Measure | None) -> Measure:
    duration = _length(model) if model else DEFAULT_BAR
    silence = tuple(
        Event(onset=Fraction(0), duration=duration, type="whole", voice=4 * staff - 3, staff=staff, padding=True)
        for staff in range(1, part.staves + 1)
    )
    if model is None:
        return Measure(index=index, number=str(index + 1), duration=duration, events=silence)
    return updated(model, events=silence, clefs=(), directions=(), multi_rest=0)


def _times(parts: Sequence[Part]) -> dict[int, Time]:
    """The time signature stated at each bar by any part; at the first bar one always is."""
    stated: dict[int, Time] = {}
    for part in parts:
        for measure in part.measures:
            if measure.time and (measure.index not in stated or measure.time.printed > stated[measure.index].printed):
                stated[measure.index] = measure.time
    if 0 not in stated:
        until = min(stated, default=len(parts[0].measures))
        lengths = [measure.duration for measure in parts[0].measures[:until] if not measure.implicit]
        common = Counter(lengths).most_common(1)
        stated[0] = _time_of(common[0][0] if common else DEFAULT_BAR)
    return stated


def _time_of(length: Fraction) -> Time:
    """The plainest time signature of a bar of `length` quarter notes, common time when there is none."""
    for beat_type in _BEAT_TYPES:
        beats = length * beat_type / 4
        if beats.denominator == 1:
            return Time(beats=beats.numerator, beat_type=beat_type, printed=False)
    return Time(beats=4, beat_type=4, printed=False)


def _with_times(part: Part, times: dict[int, Time]) -> Part:
    measures = tuple(
        measure
        if measure.time or measure.index not in times
        else updated(measure, time=updated(times[measure.index], printed=False))
        for measure in part.measures
    )
    return updated(part, measures=measures)


def _with_start(part: Part) -> Part:
    """`part` with sound clefs everywhere and a clef for each staff and a key at its first bar."""
    bars = [updated(measure, clefs=_sane_clefs(part, measure)) for measure in part.measures]
    added = tuple(
        ClefChange(onset=Fraction(0), staff=staff, clef=_default_clef(staff)) for staff in _staves_without_clef(part)
    )
    bars[0] = updated(bars[0], clefs=(*added, *bars[0].clefs), key=bars[0].key or Key(0))
    return updated(part, measures=tuple(_with_multi_rest(bars, index) for index in range(len(bars))))


def _staves_without_clef(part: Part) -> tuple[int, ...]:
    stated = {change.staff for change in _sane_clefs(part, part.measures[0]) if change.onset == 0}
    return tuple(staff for staff in range(1, part.staves + 1) if staff not in stated)


def _missing_clefs(part: Part) -> tuple[Issue, ...]:
    return tuple(
        bar_issue(
            "clef-missing",
            f"staff {staff} of part {part.name or part.id} begins without a clef",
            part,
            part.measures[0],
        )
        for staff in _staves_without_clef(part)
    )


def _default_clef(staff: int) -> Clef:
    return Clef(sign="G", line=2) if staff == 1 else Clef(sign="F", line=4)


def _sane_clefs(part: Part, measure: Measure) -> tuple[ClefChange, ...]:
    """Clefs inside the bar, one a staff and time (the last stated), in order."""
    found: dict[tuple[Fraction, int], ClefChange] = {}
    for change in measure.clefs:
        onset = min(max(change.onset, Fraction(0)), measure.duration)
        staff = min(max(change.staff, 1), part.staves)
        found[onset, staff] = updated(change, onset=onset, staff=staff)
    return tuple(found[place] for place in sorted(found))


def _with_multi_rest(bars: Sequence[Measure], index: int) -> Measure:
    """The bar at `index` with a multi-bar rest no longer than the silent bars that are really there."""
    measure = bars[index]
    silent = 0
    for following in bars[index : index + measure.multi_rest]:
        if any(not event.is_rest for event in following.events):
            break
        silent += 1
    return updated(measure, multi_rest=silent if silent > 1 else 0)


def repair_endings(part: Part) -> tuple[Part, tuple[Issue, ...]]:
    """`part` with numbered endings (voltas) in pairs of start and stop, each with numbers that the format knows."""
    kept: dict[tuple[int, str], tuple[str, str]] = {}  # (bar, side) -> (type, numbers)
    opened: tuple[int, str, str] | None = None  # bar, side, numbers
    issues: list[Issue] = []
    for index, side, barline in _barlines(part):
        if barline.ending is None:
            continue
        kind, numbers = barline.ending
        if kind == "start":
            if opened:
                issues.append(_ending_issue(part, opened[0]))
            opened = (index, side, _ending_numbers(numbers))
        elif opened is None:
            issues.append(_ending_issue(part, index))
        else:
            kept[opened[0], opened[1]] = ("start", opened[2])
            kept[index, side] = (kind, opened[2])
            opened = None
    if opened:
        issues.append(_ending_issue(part, opened[0]))
    return _with_endings(part, kept), tuple(issues)


def _barlines(part: Part) -> list[tuple[int, str, Barline]]:
    return [
        (measure.index, side, barline)
        for measure in part.measures
        for side, barline in (("left", measure.left), ("right", measure.right))
    ]


def _ending_numbers(text: str) -> str:
    """The positive numbers in `text` as '1' or '1, 2'; '1' when there is none."""
    return ", ".join(str(int(digits)) for digits in re.findall(r"\d+", text) if int(digits) > 0) or "1"


def _ending_issue(part: Part, index: int) -> Issue:
    return bar_issue("ending-dangling", "a numbered ending lacks its beginning or end", part, part.measures[index])


def _with_endings(part: Part, kept: dict[tuple[int, str], tuple[str, str]]) -> Part:
    def barline(measure: Measure, side: str, old: Barline) -> Barline:
        found = kept.get((measure.index, side))
        if found is None:
            return updated(old, ending=None)
        kind, numbers = found
        return updated(
            old, ending=("start" if kind == "start" else "stop" if kind == "stop" else "discontinue", numbers)
        )

    measures = tuple(
        updated(measure, left=barline(measure, "left", measure.left), right=barline(measure, "right", measure.right))
        for measure in part.measures
    )
    return updated(part, measures=measures)
