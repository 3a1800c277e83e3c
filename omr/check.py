"""What makes no sense in a graph or a score: bars that do not add up, illegal relations, symbols without their partner.

A page that was read right passes, so each Issue is a place worth looking at; nothing is changed here. Silence added to fill a
bar counts as missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from omr.labels import DETECTED, FLAGS, GRAMMAR, NOTEHEADS
from omr.notation import Node, NotationGraph, Staff
from omr.score import Event, Issue, Measure, NodeRef, Part, Score

LOW_CONFIDENCE = 0.4  # below it a symbol is worth a look
VOICES_PER_STAFF = 4
LOWEST_OCTAVE, HIGHEST_OCTAVE = 0, 8  # of a piano
_STEMLESS = ("noteheadWhole", "noteheadDoubleWhole", "noteheadSlash")
_NEEDS_HEAD = ("stem", "beam", *FLAGS)


def check_score(score: Score) -> tuple[Issue, ...]:
    """What does not add up in `score` beyond its own issues, part by part in the order of the bars."""
    known = {(issue.code, issue.measure, issue.part) for issue in score.issues}
    found: list[Issue] = list(_check_bar_counts(score))
    for part in score.parts:
        expected: Fraction | None = None
        for measure in part.measures:
            expected = measure.time.length if measure.time else expected
            found.extend(_check_length(part, measure, expected))
            for staff in range(1, part.staves + 1):
                found.extend(_check_staff(part, measure, staff))
            found.extend(_check_voices(part, measure))
            found.extend(_check_pitches(part, measure))
    return tuple(issue for issue in found if (issue.code, issue.measure, issue.part) not in known)


def check_graph(graph: NotationGraph) -> tuple[Issue, ...]:
    """Illegal relations, symbols without a partner and doubtful symbols of one page (page index 0 in the references)."""
    found: list[Issue] = []
    for edge in sorted(graph.edges):
        source, target = graph.by_id[edge.source], graph.by_id[edge.target]
        known = source.label in DETECTED and target.label in DETECTED
        if known and (source.label, target.label) not in GRAMMAR:
            message = f"{source.label} cannot relate to {target.label}"
            found.append(_graph_issue("illegal-relation", message, source, target, severe=True))
    for node in sorted(graph.nodes, key=lambda node: node.id):
        found.extend(_check_node(graph, node))
    return tuple(found)


def in_bars(
    issues: Iterable[Issue], graph: NotationGraph, staves: Sequence[Staff], bars: Iterable[Measure]
) -> tuple[Issue, ...]:
    """The issues of one page's graph with the bar that their first symbol stands in; `bars` are the page's, of any part."""
    spans = sorted({(bar.system, bar.left_x, bar.right_x, bar.index) for bar in bars})
    return tuple(replace(issue, measure=_bar_of(issue, graph, staves, spans)) for issue in issues)


def _bar_of(
    issue: Issue, graph: NotationGraph, staves: Sequence[Staff], spans: Sequence[tuple[int, float, float, int]]
) -> int | None:
    """Index of the nearest bar of the nearest system, None where that has none."""
    if not issue.nodes or not staves:
        return issue.measure
    at = graph.by_id[issue.nodes[0][1]].box.center
    staff = min(staves, key=lambda staff: max(staff.box.top - at.y, at.y - staff.box.bottom, 0.0))
    near = [(max(left - at.x, at.x - right), index) for system, left, right, index in spans if system == staff.system]
    return min(near)[1] if near else None


def _check_node(graph: NotationGraph, node: Node) -> Iterator[Issue]:
    targets = {target.label for target in graph.targets(node.id)}
    lonely = not any(source.label in NOTEHEADS for source in graph.sources(node.id))
    if node.label in NOTEHEADS:
        if "stem" not in targets and node.label not in _STEMLESS:
            yield _graph_issue("head-without-stem", f"a {node.label} has no stem", node)
        if "beam" in targets and targets.intersection(FLAGS):
            yield _graph_issue("beam-and-flag", "a note has both a beam and a flag", node)
    elif node.label in _NEEDS_HEAD and lonely:
        yield _graph_issue(f"{_kind(node)}-without-head", f"a {node.label} belongs to no note", node)
    elif node.label == "augmentationDot" and not graph.sources(node.id):
        yield _graph_issue("dot-without-note", "an augmentation dot belongs to no note or rest", node)
    if node.origin == "model" and node.score < LOW_CONFIDENCE:
        message = f"a {node.label} was seen with a confidence of only {node.score:.2f}"
        yield Issue(code="low-confidence", message=message, severity="note", nodes=((0, node.id),))


def _kind(node: Node) -> str:
    return "flag" if node.label in FLAGS else node.label


def _graph_issue(code: str, message: str, *nodes: Node, severe: bool = False) -> Issue:
    references = tuple((0, node.id) for node in nodes)
    return Issue(code=code, message=message, severity="error" if severe else "warning", nodes=references)


def _check_bar_counts(score: Score) -> Iterator[Issue]:
    most = max((len(part.measures) for part in score.parts), default=0)
    for part in score.parts:
        if len(part.measures) < most:
            message = f"part {part.name or part.id} has {len(part.measures)} of {most} bars"
            yield Issue(code="bar-missing", message=message, severity="error", part=part.id)


def _check_length(part: Part, measure: Measure, expected: Fraction | None) -> Iterator[Issue]:
    if expected is not None and measure.duration != expected and not measure.implicit and not measure.multi_rest:
        message = f"bar {measure.number} lasts {measure.duration} quarters, its time signature says {expected}"
        yield Issue(code="bar-irregular", message=message, severity="note", measure=measure.index, part=part.id)


def _check_staff(part: Part, measure: Measure, staff: int) -> Iterator[Issue]:
    """Whether the voices of `staff` together fill the bar."""
    own = [event for event in measure.events if staff in (event.staff, _owner(event)) and not event.padding]
    found = _covered(own, measure.duration)
    place = f"staff {staff}, bar {measure.number}"
    if not found:
        yield _bar_issue("bar-empty", f"nothing was read in {place}", part, measure, ())
    elif found < measure.duration:
        message = f"incomplete bar: {place}, found {found}, expected {measure.duration} quarters"
        yield _bar_issue("bar-too-short", message, part, measure, _ink(own))


def _owner(event: Event) -> int:
    return (event.voice - 1) // VOICES_PER_STAFF + 1


def _covered(events: Iterable[Event], end: Fraction) -> Fraction:
    """Quarter notes of the bar in which at least one of `events` lasts."""
    reached = covered = Fraction(0)
    for event in sorted(events, key=lambda event: event.onset):
        start, stop = max(event.onset, reached), min(event.onset + event.duration, end)
        covered += max(stop - start, Fraction(0))
        reached = max(reached, stop)
    return covered


def _check_voices(part: Part, measure: Measure) -> Iterator[Issue]:
    """Notes beyond the bar's end, and notes of one voice that overlap."""
    reached: dict[int, Fraction] = {}
    for event in sorted(measure.events, key=lambda event: (event.onset, event.voice)):
        end = event.onset + event.duration
        if end > measure.duration:
            place = f"staff {event.staff}, bar {measure.number}"
            message = f"voice too long: {place}, found {end}, expected {measure.duration} quarters"
            yield _bar_issue("bar-too-long", message, part, measure, _ink([event]))
        if event.grace is None and event.onset < reached.get(event.voice, Fraction(0)):
            message = f"notes of voice {event.voice} overlap in bar {measure.number}"
            yield _bar_issue("voice-overlap", message, part, measure, _ink([event]))
        reached[event.voice] = max(end, reached.get(event.voice, Fraction(0)))


def _check_pitches(part: Part, measure: Measure) -> Iterator[Issue]:
    for event in measure.events:
        for tone in event.tones:
            if not LOWEST_OCTAVE <= tone.pitch.octave <= HIGHEST_OCTAVE:
                message = (
                    f"{tone.pitch.step}{tone.pitch.octave} in bar {measure.number} is out of reach: is the clef right?"
                )
                yield _bar_issue("pitch-unlikely", message, part, measure, tone.nodes)


def _bar_issue(code: str, message: str, part: Part, measure: Measure, nodes: tuple[NodeRef, ...]) -> Issue:
    return Issue(code=code, message=message, nodes=nodes, measure=measure.index, part=part.id)


def _ink(events: Iterable[Event]) -> tuple[NodeRef, ...]:
    found: list[NodeRef] = []
    for event in events:
        for tone in event.tones:
            found.extend(tone.nodes)
        found.extend(event.nodes)
    return tuple(found)
