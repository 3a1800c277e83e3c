"""A note or rest of a MusicXML file as it stands on paper: what its ink says of its voice."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from omr.metrics.notes import SEMITONES, whole_number

STEMLESS: Final = frozenset(("whole", "breve", "long", "maxima"))
STEMLESS_QUARTERS: Final = 4  # length from which a note without a <type> has no stem
Key = tuple[int, Fraction, Fraction, int | None]
"""(staff, onset, end, steps in semitones above C0; None: a rest)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A note or rest that is printed, not a grace note."""

    element: ET.Element
    voice: tuple[int, str]
    """(part, name in the file)."""
    staff: int
    """Counted through all parts."""
    onset: Fraction
    end: Fraction

    @property
    def beamed_on(self) -> bool:
        return any(beam.text in ("begin", "continue") for beam in self.element.findall("beam"))

    @property
    def stemless(self) -> bool:
        kind = self.element.findtext("type")
        long = kind in STEMLESS if kind else self.end - self.onset >= STEMLESS_QUARTERS
        return long and self.element.find("pitch") is not None

    @property
    def stem(self) -> str | None:
        """up, down, or None where there is no stem or the file does not say."""
        return None if self.stemless else self.element.findtext("stem")

    @property
    def height(self) -> int | None:
        """Semitones above C0; None: a rest."""
        pitch = self.element.find("pitch")
        if pitch is None:
            return None
        step = SEMITONES[(pitch.findtext("step") or "").strip()]
        return 12 * whole_number(pitch.findtext("octave"), 0) + step + whole_number(pitch.findtext("alter"), 0)

    @property
    def tied_on(self) -> bool:
        return any(tie.get("type") == "start" for tie in self.element.findall("tie"))

    @property
    def key(self) -> Key:
        """What tells it from all others but a unison's."""
        return self.staff, self.onset, self.end, self.height
