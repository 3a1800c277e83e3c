"""A page that lies on its side is set upright with what was found on it."""

from __future__ import annotations

from dataclasses import replace

from gui.document import Document
from gui.jobs import Errands, Service
from gui.recogniser import Recogniser
from gui.state import PageEntry, fresh_page_id
from omr.pipeline import PageResult
from omr.self_test import PAGE


def test_a_page_on_its_side_is_turned(qapp: object, recognised: PageResult) -> None:
    document, service, errands = Document(), Service("testing"), Errands()
    recogniser = Recogniser(document, service, errands)
    entry = PageEntry(id=fresh_page_id(), source=str(PAGE))
    document.add_pages([entry])
    recogniser._take(entry, replace(recognised, turns=1))
    own = document.state.page(entry.id)
    assert (own.rotation, own.status) == (90, "done")
    assert own.graph.nodes
    assert document.undo_stack.undoText() == "Set page upright"
    errands.close()
    service.close()
    document.close()
