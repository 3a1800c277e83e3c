"""The main window of a document: its views, panels, menus and status line, and what each command does."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QMenu, QToolBar, QToolButton, QWidget

from gui import edit_commands, file_commands, page_commands, theme
from gui.actions import BREAKS, COMMANDS, TOOLBAR, make_actions, renew_icons
from gui.models.pages import PageModel
from gui.panels.alternatives import AlternativesPanel
from gui.panels.inspector import InspectorPanel
from gui.panels.pages import PagesPanel
from gui.panels.palette import PalettePanel
from gui.panels.problems import ProblemsPanel
from gui.panels.status import Status
from gui.scene import LAYERS
from gui.session import Session
from gui.settings import OPACITIES, Settings
from gui.workspace import Workspace

ZOOM_STEP = 1.25
OPACITY_STEP = 15  # per cent
SIZE = QSize(1440, 900)


class MainWindow(QMainWindow):
    """Everything about one document."""

    new_window_wanted = Signal(list)
    """Paths to open in a window of their own."""
    preferences_changed = Signal()
    closed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.session = Session(settings, self)
        self.actions_by_id = make_actions(self)
        self.workspace = Workspace(self.session)
        self.setCentralWidget(self.workspace)
        self.files = file_commands.FileCommands(self)
        self.pages = page_commands.PageCommands(self)
        self.edits = edit_commands.EditCommands(self)
        self._make_panels()
        self._make_menus()
        self._make_toolbar()
        self.status = Status(self.session, self)
        self.setStatusBar(self.status)
        self._ended = False
        self._shown = False
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self._connect()
        self._restore()
        self.refresh_title()
        self.refresh_actions()

    # Building

    def action(self, name: str) -> QAction:
        return self.actions_by_id[name]

    def _make_panels(self) -> None:
        session = self.session
        self.page_model = PageModel(session.document, session.errands, self)
        self.pages_panel = PagesPanel(self.page_model)
        steps = [self.action(name) for name in ("previous", "accept", "next")]
        self.problems_panel = ProblemsPanel(session.document, session.selection, steps)
        self.alternatives_panel = AlternativesPanel(session.document, session.selection, session.engraving)
        own = [self.action(name) for name in ("alike", "delete")]
        self.inspector = InspectorPanel(session.document, session.selection, session.editor, own)
        self.palette_panel = PalettePanel()
        right = Qt.DockWidgetArea.RightDockWidgetArea
        self.docks = [
            self._dock("Pages", self.pages_panel, Qt.DockWidgetArea.LeftDockWidgetArea),
            self._dock("Bars to check", self.problems_panel, right),
            self._dock("This bar", self.alternatives_panel, right),
            self._dock("Symbol", self.inspector, right),
            self._dock("Shapes", self.palette_panel, right),
        ]
        self.tabifyDockWidget(self.docks[2], self.docks[3])
        self.tabifyDockWidget(self.docks[3], self.docks[4])
        self.docks[2].raise_()
        self.resizeDocks([self.docks[0], self.docks[1]], [200, 330], Qt.Orientation.Horizontal)
        self.resizeDocks([self.docks[1], self.docks[2]], [320, 480], Qt.Orientation.Vertical)

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(title)
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        return dock

    def _make_menus(self) -> None:
        menus: dict[str, QMenu] = {}
        for command in COMMANDS:
            if command.menu not in menus:
                menus[command.menu] = self.menuBar().addMenu(command.menu)
            menu = menus[command.menu]
            if command.id in BREAKS:
                menu.addSeparator()
            menu.addAction(self.action(command.id))
            if command.id == "open":
                self.recent_menu = menu.addMenu("Open &recent")
                self.recent_menu.aboutToShow.connect(self.files.fill_recent)
        panels = menus["&View"].addMenu("&Panels")
        for dock in self.docks:
            panels.addAction(dock.toggleViewAction())
        self.page_menu, self.check_menu = menus["&Page"], menus["&Check"]
        group = QActionGroup(self)
        for name in ("tool_select", "tool_lasso", "tool_relate", "tool_region"):
            group.addAction(self.action(name))
        group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self.action("tool_select").setChecked(True)

    def _make_toolbar(self) -> None:
        bar = QToolBar("Commands")
        bar.setObjectName("Commands")
        bar.setMovable(False)
        bar.setIconSize(QSize(22, 22))
        for name in TOOLBAR:
            if name:
                bar.addAction(self.action(name))
            else:
                bar.addSeparator()
        self.layers_button = QToolButton()
        self.layers_button.setText("Layers")
        self.layers_button.setAccessibleName("Layers over the page")
        self.layers_button.setToolTip("What is drawn over the page")
        self.layers_button.setIcon(theme.icon("layers"))
        self.layers_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.layers_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.layers_button)
        menu.addActions([self.action(f"layer_{layer}") for layer in LAYERS])
        menu.addSeparator()
        menu.addActions([self.action("fainter"), self.action("stronger")])
        self.layers_button.setMenu(menu)
        bar.addWidget(self.layers_button)
        self.addToolBar(bar)

    def _connect(self) -> None:
        session, work = self.session, self.workspace
        view = work.page_view
        simple = {
            "close": self.close, "quit": self._quit, "zoom_in": lambda: view.set_zoom(view.zoom * ZOOM_STEP),
            "zoom_out": lambda: view.set_zoom(view.zoom / ZOOM_STEP), "fit_width": view.fit_width, "fit_page": view.fit_page,
            "fainter": lambda: self._fade(-OPACITY_STEP), "stronger": lambda: self._fade(OPACITY_STEP),
        }  # fmt: skip
        for name, call in (simple | self.files.commands() | self.pages.commands() | self.edits.commands()).items():
            self.action(name).triggered.connect(lambda _=False, call=call: call())
        for layer in LAYERS:
            self.action(f"layer_{layer}").setChecked(layer == "page" or layer in self.settings.layers)
            self.action(f"layer_{layer}").toggled.connect(self._show_layers)
        self.action("engraved").setChecked(True)
        self.action("engraved").toggled.connect(work.engraved_view.setVisible)
        work.welcome.open_wanted.connect(self.files.ask_open)
        work.welcome.batch_wanted.connect(self.files.show_batch)
        work.welcome.file_chosen.connect(lambda path: self.files.open_paths([path]))
        work.image_changed.connect(self.alternatives_panel.set_image)
        document = session.document
        for changed in (
            document.state_changed,
            document.score_changed,
            document.problems_changed,
            document.saved_changed,
        ):
            changed.connect(self.refresh_actions)
        document.saved_changed.connect(self.refresh_title)
        document.state_changed.connect(self.refresh_title)
        session.selection.changed.connect(self.refresh_actions)
        session.selection.page_changed.connect(self.pages_panel.show_page)
        session.recogniser.progressed.connect(self._recognising)
        session.looker.progressed.connect(self.refresh_actions)
        session.editor.said.connect(self.tell)
        session.editor.refused.connect(self.tell)
        self._show_layers()

    # Showing

    def tell(self, message: str) -> None:
        """One line in the status bar."""
        self.status.showMessage(message, 6000)

    def refresh_title(self) -> None:
        document = self.session.document
        name = self.files.name
        self.setWindowTitle(f"{name}[*] – Scorewright" if document.state.pages else "Scorewright")
        self.setWindowModified(bool(document.state.pages) and not document.is_clean)

    def refresh_actions(self) -> None:
        """Greys what makes no sense now, and names the steps of undo and redo."""
        document, selection = self.session.document, self.session.selection
        stack = document.undo_stack
        for name, possible, text in (
            ("undo", stack.canUndo(), stack.undoText()), ("redo", stack.canRedo(), stack.redoText()),
        ):  # fmt: skip
            action = self.action(name)
            action.setEnabled(possible)
            action.setText(f"&{name.capitalize()} {text}".strip())
            action.setToolTip(f"{name.capitalize()} {text}".strip() + f" ({action.shortcut().toString()})")
        pages, music = bool(document.state.pages), bool(document.score.parts)
        running, looking = self.session.recogniser.running, self.session.looker.running
        needs = {
            "save": pages, "save_as": pages, "add": pages, "export": music, "musescore": music, "delete": bool(selection.nodes),
            "alike": len(selection.nodes) == 1, "select_all": music, "clef": music, "key": music, "time": music, "parts": music,
            "dot": bool(selection.nodes), "next": bool(document.problems), "previous": bool(document.problems),
            "accept": bool(document.problems) or selection.bar is not None, "toggle_checked": selection.bar is not None,
            "recognise": not running and bool(self.session.recogniser.waiting), "stop": running or looking,
            "again": pages and not running,
            "rotate_left": pages, "rotate_right": pages, "insert": pages, "replace": pages, "remove": pages,
            "page_up": pages, "page_down": pages, "zoom_in": pages, "zoom_out": pages, "fit_width": pages, "fit_page": pages,
            "tool_select": pages, "tool_lasso": pages, "tool_relate": pages, "tool_region": pages,
        }  # fmt: skip
        for name, possible in needs.items():
            self.action(name).setEnabled(possible)

    def renew_colors(self) -> None:
        """After a change between light and dark."""
        renew_icons(self.actions_by_id)
        self.layers_button.setIcon(theme.icon("layers"))
        self.palette_panel.repaint_icons()
        self.workspace.welcome.refresh()
        self.workspace.page_view.invalidate()

    def _show_layers(self) -> None:
        shown = frozenset(layer for layer in LAYERS if self.action(f"layer_{layer}").isChecked())
        self.settings.layers = shown - {"page"}
        self.workspace.show_layers(shown, self.settings.opacity)

    def _fade(self, by: int) -> None:
        self.settings.opacity = min(max(self.settings.opacity + by, OPACITIES[0]), OPACITIES[-1])
        self.tell(f"Overlay at {self.settings.opacity} %")
        self._show_layers()

    def _recognising(self) -> None:
        self.page_model.set_running(self.session.recogniser.current)
        self.workspace.refresh_messages()
        self.refresh_actions()

    # The window itself

    def _restore(self) -> None:
        self.resize(SIZE)
        kept = self.settings.geometry
        if kept is not None:
            self.restoreGeometry(kept[0])
            self.restoreState(kept[1])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            self.resizeDocks([self.docks[0], self.docks[1]], [190, 340], Qt.Orientation.Horizontal)
            if self.settings.recognise_at_once:
                self.session.recogniser.warm()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files.open_paths(paths)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowTitleChange:
            self.setAccessibleName(self.windowTitle().replace("[*]", ""))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._ended and not self.files.may_close():
            event.ignore()
            return
        self.end()
        event.accept()

    def end(self) -> None:
        """Ends the document's processes and threads; the window is of no use afterwards."""
        if not self._ended:
            self._ended = True
            place: QByteArray = self.saveGeometry()
            self.settings.geometry = place, self.saveState()
            self.files.end()
            self.session.close()
            self.closed.emit()

    def _quit(self) -> None:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow) and not window.close():
                return
