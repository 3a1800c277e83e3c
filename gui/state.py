"""All that a person can undo, as one frozen value: the pages with their ink, and the decisions about the music.

A decision about a bar names it by page, system and place in the system, so that it outlives changes on other pages.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from omr.geometry import Box
from omr.notation import Node, NotationGraph
from omr.score import Clef, Key, NoteType, Time

if TYPE_CHECKING:
    from omr.pipeline import PageResult
    from omr.second_look import OtherBar

PageStatus = Literal["waiting", "done", "failed", "ignored"]
READ: Final = ("done", "waiting")
Rotation = Literal[0, 90, 180, 270]


class BarKey(NamedTuple):
    """One bar of the document through all its parts."""

    page: str
    """Id of the page."""
    system: int
    """0 = topmost system of the page."""
    measure: int
    """0 = first bar of the system."""


class NodeKey(NamedTuple):
    """One symbol of the document."""

    page: str
    """Id of the page."""
    node: int


class Value(NamedTuple):
    """A printed length: what the head, flags or beams and dots say together."""

    type: NoteType
    dots: int = 0


Timing = frozenset[tuple[int, int, int]]
"""What sounds when in a bar: (lowest node id of the chord or rest, onset, length), in ticks of omr.reading.values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """One page of the document."""

    id: str
    """Unique in the document, kept when pages are moved."""
    source: str
    """The file it came from, as the user named it."""
    index: int = 0
    """Its place in that file, 0 = first."""
    status: PageStatus = "waiting"
    message: str = ""
    """Why it failed, one line."""
    dpi: int | None = None
    """At which it is drawn where it is a page of a PDF; None: as suits its size."""
    rotation: Rotation = 0
    """Clockwise, degrees; page pixels are those of the turned page."""
    ignored: tuple[Box, ...] = ()
    """Regions that are no music, page pixels."""
    result: PageResult | None = None
    """What was recognised and corrected; None until then."""
    erased: tuple[Node, ...] = ()
    """Symbols a person deleted, page pixels: they stay away when the page is recognised again."""
    cut: frozenset[tuple[int, int]] = frozenset()
    """Relations a person cut, (source, target)."""
    drawn: frozenset[tuple[int, int]] = frozenset()
    """Relations a person drew."""
    values: Mapping[int, Value] = field(default_factory=dict)
    """Lengths a person gave to chords and rests, by the id of one of their heads or the rest."""
    looks: tuple[OtherBar, ...] | None = None
    """The bars that say other notes in further looks at the page; None: it was not looked at again."""

    @property
    def graph(self) -> NotationGraph:
        """The ink in page pixels; empty before recognition."""
        return self.result.graph if self.result is not None else NotationGraph()


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A clef, key or time that holds from one bar to another whatever is printed."""

    first: BarKey
    last: BarKey
    """Included."""
    value: Clef | Key | Time
    staff: int | None = None
    """Of a clef: row of the staff in its system, 0 = top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What a person said about the music itself."""

    checked: frozenset[BarKey] = frozenset()
    accepted: frozenset[tuple[BarKey, str]] = frozenset()
    """(bar, code) of issues that are none."""
    bars: Mapping[BarKey, Timing] = field(default_factory=dict)
    """The timing chosen among the readings of a bar."""
    names: Mapping[int, str] = field(default_factory=dict)
    """Names of parts by their place, 0 = top."""
    groups: tuple[int, ...] | None = None
    """Staves of each part from the top, where the braces were read wrong."""
    overrides: tuple[Override, ...] = ()
    """In the order in which they were made: a later one wins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The document as it stands."""

    pages: tuple[PageEntry, ...] = ()
    decisions: Decisions = field(default_factory=Decisions)

    def page(self, page_id: str) -> PageEntry:
        """The page with this id; raises KeyError when there is none."""
        for entry in self.pages:
            if entry.id == page_id:
                return entry
        raise KeyError(page_id)

    def place(self, page_id: str) -> int:
        """0-based place of a page; raises KeyError when there is none."""
        for place, entry in enumerate(self.pages):
            if entry.id == page_id:
                return place
        raise KeyError(page_id)

    @property
    def read_pages(self) -> tuple[PageEntry, ...]:
        """The pages that hold music, in order: NodeRef.page of the score counts these.

        A page that waits to be recognised again holds what was found before.
        """
        return tuple(entry for entry in self.pages if entry.status in READ and entry.result is not None)

    def with_page(self, entry: PageEntry) -> State:
        """This state with the page of the same id replaced."""
        return replace(self, pages=tuple(entry if own.id == entry.id else own for own in self.pages))


def fresh_page_id() -> str:
    """An id that no page has or had, in this document or its files."""
    return f"p{secrets.token_hex(5)}"


def carried(current: State, source: State, target: State) -> State:
    """`current` with the step from `source` to `target` made, and nothing else changed.

    Pages that arrived, were recognised or were looked at again meanwhile keep what they have: this is how a step is undone and
    redone.
    """
    own = {entry.id: entry for entry in current.pages}
    before = {entry.id: entry for entry in source.pages}
    wanted = {
        entry.id: own.get(entry.id, entry) if before.get(entry.id) is entry else _looked(entry, own.get(entry.id))
        for entry in target.pages
    }
    gone = before.keys() - wanted.keys()
    if list(before) == list(wanted):
        order = [name for name in own if name not in gone]
    else:
        order = [*wanted, *(name for name in own if name not in wanted and name not in gone)]
    pages = tuple(wanted.get(name) or own[name] for name in order)
    decisions = current.decisions if source.decisions is target.decisions else target.decisions
    return State(pages=pages, decisions=decisions)


def same_recognition(one: PageEntry, other: PageEntry) -> bool:
    """Whether both pages hold what one recognition found, whatever a person did to it: staves are never edited."""
    return one.result is not None and other.result is not None and one.result.staves is other.result.staves


def _looked(entry: PageEntry, now: PageEntry | None) -> PageEntry:
    """`entry` with what further looks at the page have found by now."""
    if entry.looks is None and now is not None and same_recognition(entry, now):
        return replace(entry, looks=now.looks)
    return entry
