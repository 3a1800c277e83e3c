"""A state as JSON and back: what a project file and a journal of edits hold.

What was found on a page is written as the command line writes it (omr/batch/project_file.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from gui.look_encoding import decoded_looks, encoded_look
from gui.state import BarKey, Decisions, Override, PageEntry, State, Value
from omr.batch.project_file import encoded_node, encoded_result, sides
from omr.geometry import Box
from omr.labels import DETECTED
from omr.notation import Edge, Node, NotationGraph, Staff, StaffLine
from omr.prepare import from_table
from omr.reading.page import ReadPage
from omr.score import Clef, Key, Time

if TYPE_CHECKING:
    from omr.pipeline import PageResult

Json = dict[str, Any]


def encoded(state: State) -> Json:
    """The state as a JSON document."""
    return {
        "order": [entry.id for entry in state.pages],
        "pages": {entry.id: encoded_page(entry) for entry in state.pages},
        "decisions": encoded_decisions(state.decisions),
    }


def decoded(document: Json) -> State:
    """The state a document says; raises ValueError naming the page or field that makes no sense."""
    try:
        pages = tuple(_page(page_id, document["pages"][page_id]) for page_id in document["order"])
        return State(pages=pages, decisions=_decisions(document["decisions"]))
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"the document lacks or misstates {error}") from error


def encoded_page(entry: PageEntry) -> Json:
    return {
        "source": entry.source,
        "index": entry.index,
        "dpi": entry.dpi,
        "status": entry.status,
        "message": entry.message,
        "rotation": entry.rotation,
        "ignored": [sides(box) for box in entry.ignored],
        "erased": [encoded_node(node, None) for node in entry.erased],
        "cut": sorted(map(list, entry.cut)),
        "drawn": sorted(map(list, entry.drawn)),
        "values": {str(node): [value.type, value.dots] for node, value in sorted(entry.values.items())},
        "result": None if entry.result is None else encoded_result(entry.result),
        "looks": None if entry.looks is None else [encoded_look(bar) for bar in entry.looks],
    }


def encoded_decisions(decisions: Decisions) -> Json:
    return {
        "checked": sorted(map(list, decisions.checked)),
        "accepted": sorted([*bar, code] for bar, code in decisions.accepted),
        "bars": {_bar_name(bar): sorted(map(list, timing)) for bar, timing in sorted(decisions.bars.items())},
        "names": {str(part): name for part, name in sorted(decisions.names.items())},
        "groups": None if decisions.groups is None else list(decisions.groups),
        "overrides": [_override(override) for override in decisions.overrides],
    }


def _bar_name(bar: BarKey) -> str:
    return f"{bar.page}/{bar.system}/{bar.measure}"


def _override(override: Override) -> Json:
    value = override.value
    if isinstance(value, Clef):
        what: Json = {"clef": [value.sign, value.line, value.octave_change]}
    elif isinstance(value, Key):
        what = {"key": value.fifths}
    else:
        what = {"time": [value.beats, value.beat_type, value.symbol]}
    return {"first": list(override.first), "last": list(override.last), "staff": override.staff, **what}


def _page(page_id: str, page: Json) -> PageEntry:
    return PageEntry(
        id=page_id,
        source=page["source"],
        index=page["index"],
        dpi=page.get("dpi"),
        status=page["status"],
        message=page["message"],
        rotation=page["rotation"],
        ignored=tuple(Box(*sides) for sides in page["ignored"]),
        result=None if page["result"] is None else _decoded_result(page["result"]),
        erased=tuple(_decoded_node(row)[0] for row in page["erased"]),
        cut=frozenset((source, target) for source, target in page["cut"]),
        drawn=frozenset((source, target) for source, target in page["drawn"]),
        values={int(node): Value(*value) for node, value in page["values"].items()},
        looks=decoded_looks(page.get("looks")),
    )


def _decoded_result(result: Json) -> PageResult:
    from omr.pipeline import PageResult

    pairs = [_decoded_node(row) for row in result["nodes"].values()]
    edges = tuple(sorted(_edge(name, score) for name, score in result["edges"].items()))
    return PageResult(
        index=result["index"],
        graph=NotationGraph(tuple(node for node, _ in pairs), edges),
        staves=_staves(result["staves"]),
        reading=ReadPage(
            NotationGraph(tuple(read for _, read in pairs), edges),
            _staves(result["read"]),
            tuple((index, name) for index, name in result["names"]),
        ),
        to_page=from_table(result["to_page"]),
        turns=result.get("turns", 0),
        seconds=(),
    )


def _decoded_node(row: list[Any]) -> tuple[Node, Node]:
    """A symbol in page pixels and on the prepared image."""
    node_id, label, sides, read, score, sparse, origin = row
    known: Mapping[int, float] = dict(sparse)
    scores = tuple([known.get(place, 0.0) for place in range(len(DETECTED))]) if sparse else ()
    node = Node(id=node_id, label=label, box=Box(*sides), score=score, scores=scores, origin=origin)
    if read is None:
        return node, node
    return node, Node(id=node_id, label=label, box=Box(*read), score=score, scores=scores, origin=origin)


def _edge(name: str, score: float) -> Edge:
    source, _, target = name.partition("-")
    return Edge(int(source), int(target), score)


def _staves(rows: Iterable[Json]) -> tuple[Staff, ...]:
    return tuple(
        Staff(
            index=row["index"],
            system=row["system"],
            lines=tuple(StaffLine(xs=tuple(xs), ys=tuple(ys)) for xs, ys in row["lines"]),
            box=Box(*row["box"]),
            staff_space=row["space"],
        )
        for row in rows
    )


def _decisions(rows: Json) -> Decisions:
    return Decisions(
        checked=frozenset(BarKey(*bar) for bar in rows["checked"]),
        accepted=frozenset((BarKey(page, system, measure), code) for page, system, measure, code in rows["accepted"]),
        bars={_bar(name): frozenset((n, o, t) for n, o, t in timing) for name, timing in rows["bars"].items()},
        names={int(part): name for part, name in rows["names"].items()},
        groups=None if rows["groups"] is None else tuple(rows["groups"]),
        overrides=tuple(_decoded_override(row) for row in rows["overrides"]),
    )


def _bar(name: str) -> BarKey:
    page, system, measure = name.rsplit("/", 2)
    return BarKey(page, int(system), int(measure))


def _decoded_override(row: Json) -> Override:
    value: Clef | Key | Time
    if "clef" in row:
        sign, line, octave = row["clef"]
        value = Clef(sign=sign, line=line, octave_change=octave)
    elif "key" in row:
        value = Key(row["key"])
    else:
        beats, beat_type, symbol = row["time"]
        value = Time(beats=beats, beat_type=beat_type, symbol=symbol)
    return Override(first=BarKey(*row["first"]), last=BarKey(*row["last"]), value=value, staff=row["staff"])
