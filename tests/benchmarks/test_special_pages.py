"""The made-up pages: every voice fills its bar, themes are what they say, truth and LilyPond's source come from one piece."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from lxml import etree

from benchmarks.special.as_lilypond import as_lilypond
from benchmarks.special.as_musicxml import as_musicxml
from benchmarks.special.figures import parsed
from benchmarks.special.frames import KINDS, frames
from benchmarks.special.piece import Piece, Sounding, length_of, sounding
from benchmarks.special.plan import Page, pages, piece_of
from benchmarks.special.textures import TEXTURES, Texture
from omr.metrics.notes import read_bars

PAGES = pages()


def of(texture: Texture) -> list[Page]:
    return [page for page in PAGES if page.texture == texture]


def entries(piece: Piece) -> list[Sounding]:
    return [entry for bar in piece.bars for voice in bar.voices for entry in sounding(voice.members)]


def test_there_are_enough_pages_of_every_theme_and_engraver() -> None:
    assert len(PAGES) >= 45
    themes = Counter(theme for page in PAGES for theme in page.themes)
    assert set(themes) == {*TEXTURES, *KINDS}
    assert min(themes.values()) >= 5
    assert all(1 <= len(page.themes) <= 2 for page in PAGES)
    assert min(Counter(page.engraver == "lilypond" for page in PAGES).values()) >= 20


@pytest.mark.parametrize("page", PAGES[::3], ids=lambda page: page.name)
def test_every_voice_fills_its_bar_and_the_file_says_so(page: Page) -> None:
    piece = piece_of(page)
    assert all(length_of(voice.members) == bar.length for bar in piece.bars for voice in bar.voices)
    wanted = [(bar.length, len(bar.voices)) for bar in piece.bars]
    assert len(read_bars(etree.tostring(as_musicxml(piece)))) == len(wanted)
    heads = sum(len(entry.note.pitches) for entry in entries(piece))
    assert sum(map(len, read_bars(etree.tostring(as_musicxml(piece))))) == heads


def test_a_page_is_always_the_same() -> None:
    assert as_lilypond(piece_of(PAGES[0])) == as_lilypond(piece_of(PAGES[0]))
    assert as_lilypond(piece_of(PAGES[0])) != as_lilypond(piece_of(PAGES[1]))


def test_tuplets_within_tuplets_multiply() -> None:
    members = parsed("3:2(8 3:2(16 16 16) 8)")
    lengths = [entry.length for entry in sounding(members)]
    assert lengths == [Fraction(1, 3), *[Fraction(1, 9)] * 3, Fraction(1, 3)]
    assert [len(entry.begins) for entry in sounding(members)] == [1, 1, 0, 0, 0]
    assert [len(entry.ends) for entry in sounding(members)] == [0, 0, 0, 1, 1]
    assert any(len(entry.within) == 2 for page in of("nested tuplets") for entry in entries(piece_of(page)))


def test_beams_stop_at_rests_long_notes_and_slashes() -> None:
    edges = [entry.note.beam for entry in sounding(parsed("8 8 r8 8 4 16 16 / 8 8"))]
    assert edges == ["begin", "end", "", "", "", "begin", "end", "begin", "end"]


def test_a_figure_that_closes_what_it_did_not_open_is_refused() -> None:
    with pytest.raises(ValueError, match="closes a tuplet"):
        parsed("8 8)")


@pytest.mark.parametrize("seed", range(8))
def test_the_parts_of_a_divided_bar_make_one(seed: int) -> None:
    found = frames("split bars", Random(seed), 12, compound=False)
    whole = found[0].bar.length
    for before, after in pairwise(found):
        if not after.bar.counted:
            assert before.bar.length + after.bar.length == whole
    first, *_, last = frames("pick-up", Random(seed), 12, compound=True)
    assert first.bar.length + last.bar.length == sum(frames("plain", Random(seed), 12, compound=True)[0].beats)


def test_voices_on_a_staff_never_cross() -> None:
    for page in (*of("many voices"), *of("seconds and unisons")):
        for bar in piece_of(page).bars:
            for upper in (voice for voice in bar.voices if voice.stem == "up"):
                for lower in (voice for voice in bar.voices if (voice.stem, voice.staff) == ("down", upper.staff)):
                    for one in sounding(upper.members):
                        for two in sounding(lower.members):
                            meet = one.onset < two.onset + two.length and two.onset < one.onset + one.length
                            if meet and one.note.pitches and two.note.pitches:
                                assert two.note.pitches[-1][0] <= one.note.pitches[0][0]


def test_notes_cross_to_the_other_staff() -> None:
    for page in of("cross-staff"):
        piece = piece_of(page)
        crossing = [v for bar in piece.bars for v in bar.voices if len({e.note.staff for e in sounding(v.members)}) > 1]
        assert crossing
        assert "\\change Staff" in as_lilypond(piece)


def test_unmarked_tuplets_lose_their_figures_after_the_first_bars() -> None:
    for page in of("unmarked tuplets"):
        shown = [
            {tuplet.shown for voice in bar.voices for entry in sounding(voice.members) for tuplet in entry.within}
            for bar in piece_of(page).bars
        ]
        assert False in set().union(*shown)
        assert all(True not in bar for bar in shown[2:])
