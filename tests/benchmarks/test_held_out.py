"""Held-out pages: what is compared with the engraver's notes, how lines are marked, what a scan does."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from lxml import etree

from benchmarks import engravers
from benchmarks.engrave_held_out import mark_lines
from benchmarks.excerpts import (
    LIST,
    SYMBOLS,
    ExcerptError,
    _without_wandering,
    excerpts,
    is_plain,
    read_excerpt,
    take,
    without_leading_graces,
)
from benchmarks.scan import scanned
from omr.metrics.layout import read_systems

BAR = "<measure number='{}'>{}<note><pitch><step>{}</step><octave>4</octave></pitch><duration>{}</duration></note></measure>"
START = "<attributes><divisions>2</divisions></attributes>"


def score() -> etree._Element:
    first = BAR.format(0, START, "C", 2) + BAR.format(1, "<print new-page='yes'/>", "D", 8) + BAR.format(2, "", "E", 8)
    second = BAR.format(0, START, "G", 2) + BAR.format(1, "", "A", 8) + BAR.format(2, "", "B", 8)
    names = "<part-list><score-part id='P1'/><score-part id='P2'/></part-list>"
    return etree.fromstring(
        f"<score-partwise>{names}<part id='P1'>{first}</part><part id='P2'>{second}</part></score-partwise>"
    )


def test_lines_are_marked_as_engraved_and_nowhere_else() -> None:
    root = score()
    mark_lines(root, [2])
    assert [system.bars for system in read_systems(etree.tostring(root))] == [2, 1]


def test_notes_are_compared_from_the_beginning_of_the_piece() -> None:
    timeline = engravers._timeline(score())
    assert {(note.onset, note.pitch) for note in timeline} == {(0, 60), (0, 67), (1, 62), (1, 69), (5, 64), (5, 71)}


def test_what_lilypond_reports_is_read_in_quarter_notes() -> None:
    log = "[8]engraved note 1/4 62 1[16]\nengraved note 0 60 1/4\nengraved line 5/4"
    assert {tuple(note) for note in engravers._reported_notes(log)} == {(1, 62, 4), (0, 60, 1)}
    assert engravers._reported_lines(log, score()) == (2,)


def test_other_notes_than_wanted_are_refused() -> None:
    wanted = engravers._timeline(score())
    engraved = wanted - engravers._timeline(take(score(), first=0, bars=1, part=0))
    with pytest.raises(engravers.EngravingError, match="1 lost, 0 added of 6"):
        engravers._compare("LilyPond", wanted, engraved)


def test_one_part_can_be_taken_alone() -> None:
    alone = take(score(), first=1, bars=2, part=1)
    assert [part.get("id") for part in alone.findall("part")] == ["P2"]
    assert [entry.get("id") for entry in alone.findall("part-list/score-part")] == ["P2"]
    assert [note.pitch for note in engravers._timeline(alone)] == [69, 71]


def test_hidden_notes_and_cues_are_no_test() -> None:
    root = score()
    assert is_plain(root)
    next(root.iter("note")).set("print-object", "no")
    assert not is_plain(root)


def test_free_dynamics_are_kept_from_musicxml2ly() -> None:
    root = score()
    bar = next(root.iter("measure"))
    mark = etree.fromstring(
        "<direction><direction-type><dynamics><other-dynamics/></dynamics></direction-type></direction>"
    )
    bar.insert(0, mark)
    assert next(engravers._for_musicxml2ly(root).iter("direction"), None) is None
    assert next(root.iter("direction"), None) is not None


def test_the_list_holds_a_dozen_pages_of_each_engraver_in_four_kinds() -> None:
    for engraver in ("lilypond", "musescore"):
        mine = [one for one in excerpts() if one.engraver == engraver]
        assert len(mine) >= 12
        assert {one.kind for one in mine} == {"song", "quartet", "piano", "solo"}
        assert 0.3 < sum(one.degraded for one in mine) / len(mine) < 0.7


def test_the_list_of_symbols_holds_other_works() -> None:
    known, more = ({one.source for one in excerpts(path)} for path in (LIST, SYMBOLS))
    assert len(more) >= 20
    assert not known & more


def test_a_folder_without_the_score_is_named(tmp_path: Path) -> None:
    (tmp_path / "other.musicxml").write_bytes(etree.tostring(score()))
    with pytest.raises(ExcerptError, match="holds no"):
        read_excerpt(excerpts()[0], tmp_path)


def test_a_scan_is_the_same_for_the_same_seed_and_keeps_the_ink_where_it_was() -> None:
    page = np.full((300, 400), 255, np.uint8)
    page[140:160, 50:350] = 0
    one, again, other = scanned(page, 1), scanned(page, 1), scanned(page, 2)
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    middle = one[100:200, 190:210]
    assert middle[48:52].mean() < 80 < 160 < middle[:20].mean()
    assert Fraction(int((one < 128).sum()), 6000) > Fraction(9, 10)


def test_only_grace_notes_before_the_beat_are_taken_away() -> None:
    root = score()
    grace = "<note><grace/><pitch><step>F</step><octave>4</octave></pitch></note>"
    second = root.findall("part/measure")[1]
    second.insert(1, etree.fromstring(grace))
    second.append(etree.fromstring(grace))
    left = without_leading_graces(root)
    assert [measure.find("note/grace") is not None for measure in left.findall("part/measure")] == [False, True] + [
        False
    ] * 4
    assert engravers._timeline(left) == engravers._timeline(score())


def test_hairpins_placed_by_moving_through_time_are_taken_away() -> None:
    root = score()
    bar = root.find("part/measure")
    assert bar is not None
    forward, backward = "<forward><duration>3</duration></forward>", "<backup><duration>5</duration></backup>"
    wedge = "<direction><direction-type><wedge type='stop'/></direction-type></direction>"
    for part in (forward, wedge, backward):
        bar.append(etree.fromstring(part))
    _without_wandering(root)
    assert [element.tag for element in bar] == ["attributes", "note", "backup"]
    assert bar.findtext("backup/duration") == "2"
