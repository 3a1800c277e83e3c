"""Pages are looked at again when nothing else is to be done, and never in the way of anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gui import tasks
from gui.document import Document
from gui.jobs import Errands, Service
from gui.looking import Looker
from gui.recogniser import Recogniser
from gui.selection import Selection
from gui.state import PageEntry, fresh_page_id
from omr.errors import InputError
from omr.pipeline import PageResult
from omr.progress import SILENT
from omr.self_test import PAGE


class Asked(Service):
    """Answers when the test says so."""

    def __init__(self) -> None:
        super().__init__("testing")
        self.asked: list[tuple[object, object]] = []
        self.arguments: tuple[Any, ...] = ()
        self.ended = 0

    @property
    def busy(self) -> bool:
        return bool(self.asked)

    def ask(self, key: object, task: object, *arguments: object) -> None:
        self.asked.append((key, task))
        self.arguments = arguments

    def cancel(self) -> None:
        self.ended += 1
        self.asked.clear()

    def answer(self, value: object) -> None:
        key, _ = self.asked.pop()
        self.answered.emit(key, value)


def fresh(result: PageResult) -> PageResult:
    """The same found by another recognition."""
    return replace(result, staves=(*result.staves,))


class Desk:
    """A document whose pages are recognised, with all that works for it."""

    def __init__(self, result: PageResult, pages: int) -> None:
        self.document, self.service, self.errands = Document(), Asked(), Errands()
        self.recogniser = Recogniser(self.document, self.service, self.errands)
        self.looker = Looker(self.document, Selection(), self.recogniser, self.service, self.errands)
        for _ in range(pages):
            self.add(result)

    def add(self, result: PageResult | None = None) -> str:
        entry = PageEntry(id=fresh_page_id(), source=str(PAGE))
        self.document.add_pages([entry])
        if result is not None:
            self.document.page_recognised(entry.id, fresh(result))
        return entry.id

    def warm(self) -> None:
        self.service.answered.emit("warm", None)

    def looks(self) -> list[object]:
        return [entry.looks for entry in self.document.state.pages]


@pytest.fixture
def desk(qapp: object, recognised: PageResult) -> Iterator[Desk]:
    own = Desk(recognised, 2)
    yield own
    own.errands.close()
    own.document.close()


def test_every_page_is_looked_at_once_the_models_are_there(desk: Desk, qtbot: QtBot) -> None:
    assert not desk.looker.running
    desk.warm()
    for _ in range(2):
        qtbot.waitUntil(lambda: desk.service.busy)
        assert desk.service.asked[0][1] is tasks.look
        assert "second look" in desk.looker.words
        desk.service.answer(())
    assert desk.looks() == [(), ()]
    assert not desk.looker.running
    assert desk.document.undo_stack.count() == 0


def test_what_is_asked_for_can_be_done(desk: Desk, qtbot: QtBot) -> None:
    """The task itself, with the models, as the other process calls it."""
    desk.warm()
    qtbot.waitUntil(lambda: desk.service.busy)
    assert isinstance(tasks.look(*desk.service.arguments, SILENT), tuple)


def test_a_page_that_waits_goes_before_a_look(desk: Desk, qtbot: QtBot) -> None:
    desk.warm()
    qtbot.waitUntil(lambda: desk.service.busy)
    desk.add()
    desk.recogniser.start()
    assert desk.service.ended == 1
    assert not desk.looker.running
    qtbot.waitUntil(lambda: desk.service.busy)
    assert desk.service.asked[0][1] is tasks.recognise


def test_what_a_person_stops_or_does_not_want_stays_undone(desk: Desk, qtbot: QtBot) -> None:
    desk.warm()
    qtbot.waitUntil(lambda: desk.service.busy)
    desk.looker.want(False)
    assert (desk.service.ended, desk.looker.running) == (1, False)
    desk.warm()
    assert not desk.looker.running
    desk.looker.want(True)
    desk.looker.cancel()
    assert not desk.looker.running
    desk.warm()
    assert not desk.looker.running
    assert desk.looks() == [None, None]


def test_a_page_that_cannot_be_looked_at_is_left_as_it_is(desk: Desk, qtbot: QtBot) -> None:
    desk.warm()
    qtbot.waitUntil(lambda: desk.service.busy)
    key, _ = desk.service.asked.pop()
    desk.service.failed.emit(key, str(InputError("page.png: is gone")))
    qtbot.waitUntil(lambda: desk.service.busy)
    desk.service.answer(())
    assert desk.looks() == [None, ()]
    assert not desk.looker.running


def test_a_look_at_a_page_recognised_again_meanwhile_is_dropped(desk: Desk, recognised: PageResult) -> None:
    first, second = desk.document.state.pages
    desk.document.page_recognised(first.id, fresh(recognised))
    desk.document.page_looked(first, ())
    desk.document.page_looked(second, ())
    desk.document.page_looked(PageEntry(id="gone", source=""), ())
    assert desk.looks() == [None, ()]
