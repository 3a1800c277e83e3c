"""Staves, systems, clefs and keys are counted where each line of music begins."""

from __future__ import annotations

from omr.metrics.layout import LayoutCounts, StaffStart, read_systems, score_layout

G, F = ("G", 2, 0), ("F", 4, 0)
START = (
    "<attributes><divisions>1</divisions><key><fifths>-2</fifths></key><staves>2</staves>"
    '<clef number="1"><sign>G</sign><line>2</line></clef><clef number="2"><sign>F</sign></clef></attributes>'
)
NOTE = "<note><rest/><duration>4</duration></note>"
TO_TREBLE = '<attributes><clef number="2"><sign>G</sign><line>2</line></clef></attributes>'
BREAK = '<print new-system="yes"/>'


def document(*bars: str) -> bytes:
    inside = "".join(f'<measure number="{i}">{bar}</measure>' for i, bar in enumerate(bars, 1))
    return f'<score-partwise><part id="P1">{inside}</part></score-partwise>'.encode()


PAGE = document(START + NOTE, NOTE + TO_TREBLE, BREAK + NOTE, '<print new-page="yes"/>' + NOTE, NOTE)


def test_systems_begin_at_breaks_and_carry_clef_and_key() -> None:
    systems = read_systems(PAGE)
    assert [system.bars for system in systems] == [2, 1, 2]
    assert systems[0].staves == (StaffStart(G, -2), StaffStart(F, -2))
    assert systems[1].staves == (StaffStart(G, -2), StaffStart(G, -2))


def test_a_clef_change_at_the_very_start_counts_and_inside_the_bar_waits() -> None:
    (only,) = read_systems(document(START + TO_TREBLE + NOTE, NOTE))
    assert only.staves[1].clef == G
    (late,) = read_systems(document(START + NOTE + TO_TREBLE, NOTE))
    assert late.staves[1].clef == F


def test_the_same_page_is_all_right() -> None:
    systems = read_systems(PAGE)
    assert score_layout(systems, systems, [2, 2, 2]) == LayoutCounts(
        staves=6, staves_found=6, systems=3, systems_right=3, starts=6, clefs_right=6, keys_right=6, times_right=6
    )


def test_lost_and_added_staves_are_counted() -> None:
    systems = read_systems(PAGE)
    lost = score_layout(systems, systems, [2, 1, 2])
    assert (lost.staves_found, lost.staves_added, lost.systems_right) == (5, 0, 2)
    added = score_layout(systems, systems, [2, 2, 1, 2])
    assert (added.staves_found, added.staves_added, added.systems_right) == (6, 1, 3)


def test_a_lost_system_costs_its_own_clefs_only() -> None:
    systems = read_systems(PAGE)
    lost = score_layout(systems, systems[1:], [2, 2])
    assert (lost.clefs_right, lost.keys_right, lost.starts) == (4, 4, 6)


def test_nothing_found_scores_nothing() -> None:
    nothing = score_layout(read_systems(PAGE), (), ())
    assert (nothing.staves_share, nothing.systems_share, nothing.clefs_share, nothing.keys_share) == (0, 0, 0, 0)
    assert nothing.staves == 6


def test_a_wrong_key_is_seen() -> None:
    truth = read_systems(PAGE)
    found = read_systems(PAGE.replace(b"-2", b"-1"))
    counts = score_layout(truth, found, [2, 2, 2])
    assert (counts.keys_right, counts.clefs_right) == (0, 6)


def test_a_metre_is_compared_where_each_staff_begins() -> None:
    common = '<attributes><time symbol="common"><beats>4</beats><beat-type>4</beat-type></time></attributes>'
    truth = read_systems(document(START + common + NOTE, BREAK + common.replace("4", "3") + NOTE))
    assert [staff.time for system in truth for staff in system.staves] == [("4", "4")] * 2 + [("3", "3")] * 2
    unchanged = read_systems(document(START + common + NOTE, BREAK + NOTE))
    counts = score_layout(truth, unchanged, [2, 2])
    assert (counts.times_right, counts.keys_right, counts.times_share) == (2, 4, 0.5)


def test_a_metre_of_one_staff_leaves_the_other() -> None:
    lower = '<attributes><time number="2"><beats>6</beats><beat-type>8</beat-type></time></attributes>'
    (only,) = read_systems(document(START + lower + NOTE))
    assert [staff.time for staff in only.staves] == [None, ("6", "8")]
