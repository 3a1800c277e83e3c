"""A bar taken from a second look at its page: the symbols and relations seen there put in place of its own.

What only the look has, and what it has not, is a person's decision from then on where a person took it; symbols it shares with
the page stay as they are, in the boxes they have there. Where most further looks agree against the first, the bar is taken
from them unasked (omr/agreement.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gui.edits import delete
from gui.rereading import Reread, bar_box, measures_at
from gui.state import PageEntry, State
from omr.agreement import agreed, change_to, given_way, with_change
from omr.ink import fresh_node_id
from omr.sound import sound_of

BEYOND: Final = 5.0
"""Staff spaces above and below its staves that symbols of a bar may stand."""

if TYPE_CHECKING:
    from omr.second_look import OtherBar


def others_of(heard: Reread, place: int) -> Iterator[OtherBar]:
    """What further looks at its page found in bar `place` of the document, where they said other notes than the first."""
    bar, measure = heard.bars[place], heard.score.parts[0].measures[place]
    for other in heard.state.page(bar.page).looks or ():
        if other.system == bar.system and measure.left_x <= other.middle < measure.right_x:
            yield other


def touched(heard: Reread, place: int) -> bool:
    """Whether a person put, changed, related or deleted a symbol in bar `place` of the document."""
    entry = heard.state.page(heard.bars[place].page)
    told = {*entry.values, *(node for pair in entry.drawn | entry.cut for node in pair)}
    own = [*(node for node in entry.graph.nodes if node.origin == "human" or node.id in told), *entry.erased]
    if not own or entry.result is None:
        return False
    box = bar_box(heard, place).padded(0.0, BEYOND * entry.result.staves[0].staff_space)
    return any(box.contains(node.box.center) for node in own)


def with_other(state: State, page_id: str, other: OtherBar) -> State:
    """The state with a bar as `other` shows it; what a person put there stays."""
    entry = state.page(page_id)
    change = change_to(entry.graph, other, _fresh(entry))
    state = delete(state, page_id, change.gone) if change.gone else state
    entry = state.page(page_id)
    assert entry.result is not None
    drawn, cut = change.joined - entry.drawn, change.parted - entry.drawn
    found = tuple(replace(node, score=1.0, origin="human") for node in change.found)
    result = with_change(entry.result, replace(change, gone=(), found=found, joined=drawn, parted=cut))
    return state.with_page(replace(entry, result=result, drawn=entry.drawn | drawn, cut=(entry.cut - drawn) | cut))


def read_again(heard: Reread, pages: Collection[str]) -> State:
    """The state with each bar of some pages as the other looks show it, where they agree and no person has decided.

    What was read first is kept among the looks, with those that say the same now. Nothing of this is a person's decision: it
    is found anew with the page.
    """
    state = heard.state
    for place, bar in enumerate(heard.bars):
        other = agreed(others_of(heard, place)) if bar.page in pages and not _settled(heard, place) else None
        sound = sound_of(measures_at(heard, place))
        if other is None or other.sound == sound:
            continue
        entry = state.page(bar.page)
        assert entry.result is not None
        result, first = given_way(entry.result, other, sound, fresh=_fresh(entry))
        settled = {look for look in others_of(heard, place) if look.sound != other.sound}
        looks = tuple(look for look in entry.looks or () if look not in settled)
        state = state.with_page(replace(entry, result=result, looks=(*looks, first)))
    return state


def _settled(heard: Reread, place: int) -> bool:
    """Whether a person has decided anything about a bar."""
    bar, decisions = heard.bars[place], heard.state.decisions
    return bar in decisions.checked or bar in decisions.bars or touched(heard, place)


def _fresh(entry: PageEntry) -> int:
    """An id that no symbol of the page has or had."""
    return max(fresh_node_id(entry.graph), max((node.id + 1 for node in entry.erased), default=0))
