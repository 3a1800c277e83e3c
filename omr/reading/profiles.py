"""What a staff shows of who it is, and what the staves of one part have shown so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from omr.score import Clef

CLEF = 0.8  # price of a clef the staff never showed
LIKE_CLEF = 0.4  # of that, where only the line or the octave is another
UNSEEN_CLEF = 0.2  # price where no clef was seen
KEY = 0.25  # price of each accidental of the key more or less than usual beside the other staves
KEY_MAX = 0.75
SIZE = 8.0  # price of a staff twice as large as usual; that of a cue staff is three quarters
SIZE_SLACK = 0.06  # share by which the size of one staff is measured wrong
HEIGHT = 0.02  # price of each step that the notes lie higher or lower than usual
HEIGHT_MAX = 0.15
NAME = 3.0  # price of another name, and worth of the same


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSign:
    """One staff of one system."""

    clef: Clef | None = None
    """The one it opens with; None: none was seen."""
    fifths: int = 0
    """Its key beside the commonest of the system's staves: 2 for a clarinet in B flat."""
    size: float = 1.0
    """Its staff space beside the largest of the system."""
    height: float | None = None
    """Mean pitch of its heads in steps above C0, as the clef it opens with has it; None: it has none."""
    held: bool = False
    """A brace joins it to the staff below."""
    through: float = 0.0
    """Share of its barlines that run on to the staff below."""
    name: str | None = None
    """The part's name printed before it, in full; None: none was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The signs of one staff of the document in all systems that show it."""

    clefs: Mapping[Clef, float]
    """Share of each."""
    fifths: float
    size: float
    height: float | None
    held: bool
    through: float
    names: frozenset[str]

    def price(self, sign: StaffSign) -> float:
        """What speaks against `sign` being this staff; below 0 when its name speaks for it."""
        price = self._clef_price(sign.clef) + min(KEY_MAX, KEY * abs(sign.fifths - self.fifths))
        price += SIZE * max(0.0, abs(sign.size - self.size) - SIZE_SLACK)
        if sign.height is not None and self.height is not None:
            price += min(HEIGHT_MAX, HEIGHT * abs(sign.height - self.height))
        if sign.name and self.names:
            price += -NAME if sign.name in self.names else NAME
        return price

    def _clef_price(self, clef: Clef | None) -> float:
        if clef is None or not self.clefs:
            return UNSEEN_CLEF
        same = self.clefs.get(clef, 0.0)
        like = sum(share for other, share in self.clefs.items() if other.sign == clef.sign) - same
        return CLEF * (1 - same - (1 - LIKE_CLEF) * like)


def profile_of(signs: Sequence[StaffSign]) -> Profile:
    """The profile of the staff that showed `signs` (one at least)."""
    clefs = Counter(sign.clef for sign in signs if sign.clef is not None)
    heights = [sign.height for sign in signs if sign.height is not None]
    return Profile(
        clefs={clef: count / clefs.total() for clef, count in clefs.items()},
        fifths=fmean(sign.fifths for sign in signs),
        size=fmean(sign.size for sign in signs),
        height=fmean(heights) if heights else None,
        held=2 * sum(sign.held for sign in signs) >= len(signs),
        through=fmean(sign.through for sign in signs),
        names=frozenset(sign.name for sign in signs if sign.name),
    )
