"""Why an edit was refused, and the page it was meant for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.state import PageEntry, State
from omr.errors import OmrError
from omr.notation import Node

if TYPE_CHECKING:
    from omr.pipeline import PageResult


class EditError(OmrError):
    """The edit makes no sense here; `str(error)` says why, in one line."""


def page_of(state: State, page_id: str) -> PageEntry:
    """The page; raises EditError when it is not in the document."""
    try:
        return state.page(page_id)
    except KeyError:
        raise EditError("the page is no longer in the document") from None


def result_of(entry: PageEntry) -> PageResult:
    """What was recognised on a page; raises EditError before that."""
    if entry.result is None:
        raise EditError("the page is not recognised yet; wait for it or recognise it again")
    return entry.result


def node_of(result: PageResult, node_id: int) -> Node:
    """A symbol, in page pixels; raises EditError when it is gone."""
    node = result.graph.by_id.get(node_id)
    if node is None:
        raise EditError("the symbol is no longer on the page")
    return node
