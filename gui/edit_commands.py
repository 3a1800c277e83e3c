"""Commands about symbols and bars: tools, two-stroke keys, digits, problems, and the dialogs that change music."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from gui.shapes import BY_KEYS, SHAPES, spoken
from gui.tools import AddTool, RegionTool, RelateTool, SelectTool
from omr.geometry import Point
from omr.labels import NOTEHEADS, RESTS
from omr.notation import Node

if TYPE_CHECKING:
    from gui.main_window import MainWindow

TOOLS = ("tool_select", "tool_lasso", "tool_relate", "tool_region")


class EditCommands(QObject):
    """What the Edit, Tools, Music and Check menus and the keys on the page do."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session

    def commands(self) -> dict[str, Callable[[], object]]:
        """What each command of these does; connects views, panels and keys as well."""
        window, editor = self._window, self._session.editor
        view = window.workspace.page_view
        view.step_wanted.connect(self._step)
        view.released.connect(self._release)
        view.menu_wanted.connect(self._menu)
        view.moved.connect(lambda zoom, x, y: window.status.set_zoom(zoom))
        window.palette_panel.shape_chosen.connect(self.shape)
        window.inspector.class_chosen.connect(editor.relabel)
        window.problems_panel.problem_chosen.connect(self._visit)
        window.alternatives_panel.chosen.connect(self._choose)
        self._make_keys()
        stack = self._session.document.undo_stack
        return {
            "undo": stack.undo, "redo": stack.redo, "delete": editor.delete, "select_all": self._select_all,
            "tool_select": lambda: self._take(SelectTool(view)), "tool_lasso": lambda: self._take(SelectTool(view, lasso=True)),
            "tool_relate": lambda: self._take(RelateTool(view)), "tool_region": lambda: self._take(RegionTool(view)),
            "next": lambda: self._go(1), "previous": lambda: self._go(-1), "accept": self._accept,
            "toggle_checked": editor.toggle_checked, "dot": editor.dot, "alike": self._alike,
            "clef": lambda: self._signature("clef"), "key": lambda: self._signature("key"),
            "time": lambda: self._signature("time"), "parts": self._parts,
        }  # fmt: skip

    def _make_keys(self) -> None:
        """Two-stroke keys of the shapes, and digits."""
        for keys, shape in BY_KEYS.items():
            sequence = QKeySequence(", ".join(keys.upper()))
            self._key(sequence, partial(self.shape, shape.label))
        for digit in range(1, 9):
            self._key(QKeySequence(str(digit)), partial(self.digit, digit))
        for place in range(1, 6):
            self._key(QKeySequence(f"Alt+{place}"), partial(self.class_alternative, place - 1))
        for name, by in (("Up", (0, -1)), ("Down", (0, 1)), ("Left", (-1, 0)), ("Right", (1, 0))):
            self._key(QKeySequence(f"Alt+{name}"), partial(self._session.editor.move, Point(*by)))

    def _key(self, sequence: QKeySequence, call: Callable[[], object]) -> None:
        shortcut = QShortcut(sequence, self._window)
        shortcut.activated.connect(call)

    # Keys

    def shape(self, label: str) -> None:
        """Renames the selected symbols, or takes the shape in hand to put it."""
        if self._session.selection.nodes:
            self._session.editor.relabel(label)
        elif self._window.workspace.page_view.entry is not None:
            name = SHAPES[label].name if label in SHAPES else spoken(label)
            self._take(AddTool(self._window.workspace.page_view, label, name))

    def digit(self, digit: int) -> None:
        """A length where a note or rest is selected, else one of the readings of the bar."""
        if self._session.editor.timed():
            self._session.editor.length(digit)
        elif not self._window.alternatives_panel.pick(digit - 1):
            self._window.tell("Choose a bar first (N), or a note to give it a length")

    def class_alternative(self, place: int) -> None:
        """Takes one of the classes the selected symbol may also be."""
        nodes = self._session.editor.nodes()
        found = self._session.editor.symbol_alternatives(nodes[0]) if len(nodes) == 1 else []
        if place < len(found):
            self._session.editor.relabel(found[place][0])
        else:
            self._window.tell("Nothing else was thought of for this symbol")

    def _step(self, x: int, y: int) -> None:
        """Arrow keys: pitch where heads are selected, the neighbour, else scroll."""
        nodes = self._session.editor.nodes()
        if y and any(node.label in NOTEHEADS for node in nodes):
            self._session.editor.pitch(y)
        elif x and len(nodes) == 1:
            self._neighbour(nodes[0], x)
        else:
            view = self._window.workspace.page_view
            view.pan(-x * view.horizontalScrollBar().singleStep(), y * view.verticalScrollBar().singleStep())

    def _neighbour(self, node: Node, direction: int) -> None:
        """Selects the next note or rest beside `node` on about the same height."""
        view = self._window.workspace.page_view
        space = view.overlay.space
        best: tuple[float, int] | None = None
        for other in view.overlay.graph.nodes:
            if other.label not in NOTEHEADS and other.label not in RESTS:
                continue
            off = (other.box.center.x - node.box.center.x) * direction
            down = abs(other.box.center.y - node.box.center.y)
            if off > 0.3 * space and down < 7 * space:
                cost = off + 0.5 * down
                best = min(best, (cost, other.id)) if best is not None else (cost, other.id)
        if best is not None:
            view.nodes_picked.emit((best[1],), False)
            self._window.workspace.reveal_selection()

    def _release(self) -> None:
        """Escape: first the tool, then the selection."""
        if (
            isinstance(self._window.workspace.page_view.tool, SelectTool)
            and self._window.action("tool_select").isChecked()
        ):
            self._session.selection.select(())
        else:
            self._window.action("tool_select").trigger()

    def _take(self, tool: SelectTool | AddTool | RelateTool | RegionTool) -> None:
        view = self._window.workspace.page_view
        for name in TOOLS:
            self._window.action(name).setChecked(False)
        kinds = {RelateTool: "tool_relate", RegionTool: "tool_region"}
        name = kinds.get(type(tool), "")
        if isinstance(tool, SelectTool):
            name = "tool_lasso" if tool._always_lasso else "tool_select"
        if name:
            self._window.action(name).setChecked(True)
        view.set_tool(tool)
        view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._window.status.set_hint(tool.hint)

    def _select_all(self) -> None:
        view = self._window.workspace.page_view
        self._session.selection.select((node.id for node in view.overlay.graph.nodes), self._session.selection.bar)

    # Problems

    def _visit(self, problem: object) -> None:
        from gui.problems import Problem

        if isinstance(problem, Problem):
            self._session.editor.visit(problem)
            self._window.workspace.reveal_selection()

    def _go(self, steps: int) -> None:
        if self._session.editor.visit_next(steps) is not None:
            self._window.docks[2].raise_()
            self._window.workspace.reveal_selection()

    def _accept(self) -> None:
        self._session.editor.accept()
        self._window.workspace.reveal_selection()

    def _choose(self, alternative: object) -> None:
        from gui.alternatives import Alternative

        if isinstance(alternative, Alternative):
            self._session.editor.choose(alternative)
            self._window.tell(f"Chosen: {alternative.label}; Enter accepts the bar")

    # Dialogs

    def _alike(self) -> None:
        from gui.dialogs.alike import AlikeDialog

        AlikeDialog.ask(self._window)

    def _signature(self, kind: str) -> None:
        from gui.dialogs.signature import SignatureDialog

        SignatureDialog.ask(self._window, kind)

    def _parts(self) -> None:
        from gui.dialogs.parts import PartsDialog

        PartsDialog.ask(self._window)

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self._window)
        names = (
            "accept",
            "toggle_checked",
            "",
            "delete",
            "alike",
            "tool_relate",
            "",
            "clef",
            "key",
            "time",
            "",
            "tool_region",
        )
        for name in names:
            if name:
                menu.addAction(self._window.action(name))
            else:
                menu.addSeparator()
        menu.exec(at)
