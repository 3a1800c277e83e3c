"""The pages: which themes, which engraver, how large and how worn; every piece from its page's name."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from itertools import cycle
from random import Random
from typing import Final, Literal

from benchmarks.special.frames import KINDS, Kind, frames
from benchmarks.special.piece import Piece
from benchmarks.special.textures import (
    NESTED_WITHIN,
    PLAIN,
    SEXTUPLETS,
    SPECIAL,
    TEXTURES,
    TRIPLETS,
    TWO_STAVES,
    Setting,
    Table,
    Texture,
    voices_of,
)

Engraver = Literal["lilypond", "musescore", "verovio"]
RESOLUTIONS: Final = (300, 200, 250, 400, 170)
"""Dots an inch."""
WEARS: Final = ("clean", "scanned", "worn")
BARS: Final = 12
PLAIN_PAGES: Final = 2  # of each texture in plain bars, and as many again and one more in others
FRAME_PAGES: Final = 3  # of each kind of bars in plain texture
UNFAIR: Final = frozenset((("unmarked tuplets", "unmetered"),))
"""Where no bar's length tells, nothing says that notes are triplets."""
NO_ACCIDENTALS: Final = frozenset(("cross-staff", "many voices", "seconds and unisons", "grace notes"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page to make."""

    name: str
    frame: Kind
    texture: Texture
    engraver: Engraver
    resolution: int
    wear: str

    @property
    def themes(self) -> tuple[str, ...]:
        return tuple(theme for theme in (self.frame, self.texture) if theme != "plain")

    @property
    def seed(self) -> int:
        return zlib.crc32(self.name.encode())


def pages() -> tuple[Page, ...]:
    """All pages, in the order of their names."""
    found: list[Page] = []
    kinds = cycle(KINDS)
    for texture in TEXTURES:
        for number in range(2 * PLAIN_PAGES + 1):
            frame: Kind = "plain" if number < PLAIN_PAGES else next(kinds)
            while (texture, frame) in UNFAIR:
                frame = next(kinds)
            found.append(_page(frame, texture, len(found)))
    for frame in KINDS:
        found.extend(_page(frame, "plain", len(found)) for _ in range(FRAME_PAGES))
    return tuple(sorted(found, key=lambda page: page.name))


def _page(frame: Kind, texture: Texture, number: int) -> Page:
    engraver: Engraver = "lilypond" if number % 2 else "musescore"
    if texture == "nested tuplets" and engraver == "musescore":
        engraver = "verovio"  # MuseScore 3 takes nested tuplets from MusicXML for plain ones
    theme = f"{texture}-{frame}".replace(" ", "-")
    return Page(
        name=f"{theme}-{number:02}-{engraver}",
        frame=frame,
        texture=texture,
        engraver=engraver,
        resolution=RESOLUTIONS[number % len(RESOLUTIONS)],
        wear=WEARS[number % len(WEARS)],
    )


def piece_of(page: Page, bars: int = BARS) -> Piece:
    """The music of a page, always the same; fewer bars are the beginning of another piece."""
    random = Random(page.seed)
    staves = 2 if page.texture in TWO_STAVES else random.choice((1, 2, 2))
    compound = page.texture == "duplets" or (page.texture != "unmarked tuplets" and random.random() < 0.3)
    compound = compound and page.texture not in ("odd tuplets", "nested tuplets")
    setting = Setting(
        texture=page.texture,
        clefs=("G", "F") if staves == 2 else (random.choice(("G", "G", "F")),),
        fifths=random.randint(-4, 4),
        chromatic=page.texture not in NO_ACCIDENTALS and page.frame not in ("split bars", "unmetered"),
        leading_graces=page.engraver != "lilypond",
        table=_table(page, random.choice((TRIPLETS, TRIPLETS, SEXTUPLETS))),
        figured=random.choice((1, 2)),
    )
    made = [
        replace(frame.bar, voices=voices_of(frame, index, setting, random))
        for index, frame in enumerate(frames(page.frame, random, bars, compound=compound))
    ]
    return Piece(clefs=setting.clefs, fifths=setting.fifths, bars=tuple(made), metred=page.frame != "unmetered")


def _table(page: Page, unmarked: Table) -> Table:
    """The rhythms of a page; `unmarked` are those of its tuplets without figures."""
    if page.texture == "unmarked tuplets":
        return unmarked
    if page.engraver == "verovio":
        return NESTED_WITHIN
    return SPECIAL.get(page.texture, PLAIN)
