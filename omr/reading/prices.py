"""What a reading of a bar pays: voices that begin, stop and turn, values in and out of tuplets, uneven spacing.

All prices are in the unit of values.py: about the surprise, in nats, of what they suppose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log2
from operator import itemgetter

from omr.reading.choices import Choice
from omr.reading.items import Item
from omr.reading.values import GRID

NEW_TOGETHER = 0.15  # a second voice from the start of the bar, or under a sounding one, with the other stem direction
NEW_SAME = 0.9  # the same with the stem direction of the voice that sounds
NEW_SILENT = 1.2  # a voice after silence without a rest
DROP_COVERED = 0.4  # a voice that stops while another of its staff sounds
DROP_TORN = 0.5  # and more where it stops within a tuplet
DROP_SILENT = 2.4  # a voice that stops and leaves its staff silent
TURN_ALONE = 0.1  # a stem that turns within the only voice of a staff
TURN = 0.5  # a stem that turns although the staff has two voices
LEFT_BEAM = 1.0  # a note that follows in another voice than the one its beam comes from
CROSS_BEAM = 0.1  # a beam that runs over to the other staff
CROSS = 2.0  # a voice that goes to the other staff without a beam
TOGETHER = 1.0  # two columns that begin at once, because voices pushed their heads aside
BESIDE = 1.9  # widths of a head between two such columns, at most
BESIDE_ALONE = 1.3  # the same where no staff has notes in both
BESIDE_OPPOSED = 2.6  # the same of stems the opposite ways on heads that touch: flags and accidentals stand between
DENSE = 0.35  # of a bar's columns that stand near the one before, at most
SPACING = 0.7  # doublings of width a doubling of duration takes
UNEVEN = 0.9  # price of a doubling of width too much or too little
UNEVEN_FREE = 0.4  # doublings that cost nothing: accidentals and seconds need room
UNEVEN_MAX = 1.2
OFF_GRID = 3.0  # a plain value in the middle of a tuplet
RUN = 0.35  # of a tuplet's price right after a like one: tuplets come in runs
COMPANY = 0.6  # of a triplet's price beside one in another voice
TRIPLET = 1  # ratio
LOOSE = -2  # less the staff beyond: in the place of the beam group, a rest between two staves
RATIO_CHANGE = 1.2  # a beam that is a tuplet only in part, unless a figure says of which
AGAINST_FIGURE = 0.8  # a note that is in a tuplet or out of it against such a figure
SHARED_SHIFT = 0.2  # a missed beam level, for each further note of the group
TIED_LATE = 2.0  # a note tied over the barline that does not begin the bar
DROP_REST = 1.0  # a rest that is none, and more by its confidence
DROP_REST_SCORE = 2.4
DROP_HEADS = 2.2  # a chord that is none
DROP_HEADS_SCORE = 4.8
STEMLESS = 0.6  # of that price for a black head without a stem

Voice = tuple[int, int, int, int, int, int, int]
"""(end, staff, stem direction, beam group, ratio, shift, last item)."""
Reaches = Mapping[int, frozenset[int]]
"""Beam group -> its staves, where it has several."""


def stretches(columns: Sequence[Sequence[Item]]) -> list[float | None]:
    """For each column how much wider (log 2) the gap before it is than the one before that; 0 where there is only one."""
    xs = [sum(item.x for item in column) / len(column) for column in columns]
    gaps = [max(1.0, b - a) for a, b in pairwise(xs)]
    found: list[float | None] = [None, 0.0]
    found.extend(log2(b / a) for a, b in pairwise(gaps))
    return found[: len(columns)]


def beside(columns: Sequence[Sequence[Item]]) -> list[bool]:
    """For each column whether it may begin with the one before: near, and no note's neighbour under a beam stands there.

    Where so many stand near that the bar is merely dense, only chords that could not stand over each other may.
    """
    found, forced = [False] * len(columns), [False] * len(columns)
    for number, (one, other) in enumerate(pairwise(columns), 1):
        widths = [head.node.box.width for item in (*one, *other) for head in item.heads]
        gap = min(item.x for item in other) - max(item.x for item in one)
        groups = {item.group for item in one if item.group >= 0}
        shared = {item.staff for item in one} & {item.staff for item in other}
        found[number] = (
            bool(widths)
            and gap <= _reach(one, other, shared) * max(widths)
            and not any(item.group in groups for item in other)
        )
        forced[number] = found[number] and gap <= BESIDE * max(widths) and _collide(one, other)
    most = max(2, DENSE * len(columns))
    return next((some for some in (found, forced) if sum(some) <= most), [False] * len(columns))


def _collide(one: Sequence[Item], other: Sequence[Item]) -> bool:
    """Whether two chords of one staff could not stand over each other: stems alike, or heads of the upper voice too low."""
    return any(
        item.staff == mate.staff
        and item.heads
        and mate.heads
        and (item.direction == mate.direction or _low(item, mate))
        for item in one
        for mate in other
    )


def _low(item: Item, mate: Item) -> bool:
    """Whether the chord with its stem up has no free step above that with its stem down."""
    upper, lower = (item, mate) if item.direction > mate.direction else (mate, item)
    return max(head.position for head in upper.heads) >= min(head.position for head in lower.heads) - 1


def _reach(one: Sequence[Item], other: Sequence[Item], shared: set[int]) -> float:
    """Widths of a head between two columns that begin together, at most."""
    if not shared:
        return BESIDE_ALONE
    opposed = any(
        item.staff == mate.staff
        and item.direction * mate.direction < 0
        and any(abs(head.position - near.position) <= 1 for head in item.heads for near in mate.heads)
        for item in one
        for mate in other
    )
    return BESIDE_OPPOSED if opposed else BESIDE


def unevenness(stretch: float, step: int, before: int) -> float:
    """Price of two steps in time whose widths on paper do not go with them: longer notes take more room, not in proportion."""
    off = abs(SPACING * log2(step / before) - stretch) - UNEVEN_FREE
    return min(UNEVEN_MAX, UNEVEN * off) if off > 0 else 0.0


def reaches_of(columns: Sequence[Sequence[Item]]) -> Reaches:
    """The staves of each beam group that has notes on several."""
    found: dict[int, set[int]] = {}
    for column in columns:
        for item in column:
            if item.group >= 0:
                found.setdefault(item.group, set()).add(item.staff)
    return {group: frozenset(staves) for group, staves in found.items() if len(staves) > 1}


def tied_over(columns: Sequence[Sequence[Item]]) -> frozenset[int]:
    """The chords of a bar, by id, to which a tie leads from the bar before: from the left, and from no chord of their bar."""
    items = [item for column in columns for item in column]
    known = Counter(number for item in items for number in {node.id for node in item.attached if node.label == "tie"})
    return frozenset(
        item.id
        for item in items
        for node in item.attached
        if node.label == "tie" and known[node.id] == 1 and node.box.center.x < item.x
    )


def _on(voice: Voice, staff: int, reaches: Reaches) -> bool:
    """Whether a voice is on a staff, be it that its beam goes there."""
    return voice[1] == staff or (voice[3] in reaches and staff in reaches[voice[3]])


def dropped(voice: Voice, voices: Sequence[Voice], reaches: Reaches) -> float:
    """Price of a voice that stops while others go on or none does."""
    end, staff = voice[0], voice[1]
    torn = DROP_TORN if end % GRID else 0.0
    for other in voices:
        if other[0] > end and (other[1] == staff or (reaches and _on(other, staff, reaches))):
            return torn + DROP_COVERED
    return torn + DROP_SILENT


def absence(item: Item) -> float:
    """Price of taking an item for no music at all."""
    if item.rest is not None:
        return DROP_REST + DROP_REST_SCORE * item.rest.score
    price = DROP_HEADS + DROP_HEADS_SCORE * max(head.node.score for head in item.heads)
    return price * (STEMLESS if item.stem is None and item.heads[0].node.label == "noteheadFull" else 1.0)


def homes(item: Item, voices: Sequence[Voice], time: int, reaches: Reaches) -> list[tuple[float, int]]:
    """(price, place of the voice an item may continue), cheapest first; place -1 is a new voice."""
    found: list[tuple[float, int]] = []
    staff, direction, group = item.staff, item.direction, item.group
    mates = 0
    sounding: list[int] = []
    ending: list[int] = []
    for place, voice in enumerate(voices):
        if voice[1] == staff or (reaches and _on(voice, staff, reaches)):
            mates += 1
            if voice[0] > time:
                sounding.append(voice[2])
        if voice[0] == time:
            ending.append(place)
    left = LEFT_BEAM if group >= 0 and any(voices[place][3] == group for place in ending) else 0.0
    for place in ending:
        voice = voices[place]
        if voice[1] != staff:
            same_beam = group >= 0 and voice[3] == group
            loose = item.beyond == voice[1] or voice[3] == LOOSE - staff
            found.append((CROSS_BEAM if same_beam or loose else CROSS, place))
        elif voice[2] and direction and voice[2] != direction:
            found.append((TURN if mates > 1 else TURN_ALONE, place))
        else:
            found.append((0.0, place))
    if left:
        found = [(price + (left if voices[place][3] != group else 0.0), place) for price, place in found]
    if not mates:
        price = NEW_SILENT if time > 0 else 0.0
    elif not sounding:
        price = NEW_SILENT
    else:
        clash = direction != 0 and direction in sounding
        price = NEW_SAME if clash or len(sounding) > 1 else NEW_TOGETHER
        price += 0.3 if time > 0 else 0.0
    found.append((price + left, -1))
    found.sort()
    return found


Prices = dict[tuple[bool, int, int, bool, bool], tuple[tuple[float, Choice], ...]]
"""(price, value) of some values, cheapest first, by what is before them, see Tariff.after."""


class Tariff:
    """The prices of an item's values, found once for each kind of note before it: a search asks for them a thousand times.

    `found` are those of the same values that another tariff has found already.
    """

    def __init__(
        self, item: Item, choices: Sequence[Choice], found: Prices | None = None, *, tied_over: bool = False
    ) -> None:
        self.absence = absence(item)
        self.late = TIED_LATE if tied_over else 0.0
        """Price of any place but the start of the bar."""
        self._group, self._choices = item.group, choices
        self._found: Prices = {} if found is None else found

    def after(self, before: Voice | None, time: int, company: bool) -> tuple[tuple[float, Choice], ...]:
        """(price, value) of the item at `time` after the voice `before`, cheapest first.

        `company`: another voice is in a triplet.
        """
        mate = before is not None and before[3] == self._group and self._group >= 0
        ratio, shift = (before[4], before[5] if mate else 0) if before is not None else (-1, 0)
        key = mate, ratio, shift, time % GRID == 0, company
        if key not in self._found:
            prices = ((price_of(choice, before, time, mate, company), choice) for choice in self._choices)
            self._found[key] = tuple(sorted(prices, key=itemgetter(0)))
        return self._found[key]


def price_of(choice: Choice, before: Voice | None, time: int, mate: bool, company: bool) -> float:
    """Price of a value for an item that follows `before`, its beam mate or not."""
    value = choice.value
    cost = value.cost
    if mate and before is not None and value.shift and before[5] == value.shift:
        cost = SHARED_SHIFT + value.of_dots
    if choice.told is False:
        cost += AGAINST_FIGURE
    on_grid = time % GRID == 0
    if choice.ratio == 0:
        if mate and before is not None and before[4] and not choice.told:
            cost += RATIO_CHANGE
        return cost + (0.0 if on_grid else OFF_GRID) + (choice.start if not mate else 0.0)
    if mate and before is not None:
        change = 0.0 if choice.told else RATIO_CHANGE
        return cost + (0.0 if before[4] == choice.ratio else change + choice.start)
    if before is not None and before[4] == choice.ratio:
        return cost + (RUN * choice.start if on_grid else 0.0)
    return cost + choice.start * (COMPANY if company and choice.ratio == TRIPLET else 1.0)
