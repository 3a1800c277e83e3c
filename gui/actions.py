"""Every command of the window: its words, keys, icon and place in the menus. Data; gui/main_window.py says what each does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui import theme


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the menus."""

    id: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    tip: str = ""


COMMANDS: Final = (
    Command("open", "&File", "&Open …", ("Ctrl+O",), "open", tip="Open scans (PDF, images) or a document"),
    Command("add", "&File", "&Add pages …", ("Ctrl+Shift+O",), "add-page", tip="Append scans to this document"),
    Command("save", "&File", "&Save", ("Ctrl+S",), "save"),
    Command("save_as", "&File", "Save &as …", ("Ctrl+Shift+S",)),
    Command("export", "&File", "&Export …", ("Ctrl+E",), "export", tip="Write MusicXML, MIDI and more"),
    Command("musescore", "&File", "Open in &MuseScore", ("Ctrl+M",), "music"),
    Command("batch", "&File", "Convert many &files …", ("Ctrl+B",), "batch"),
    Command("close", "&File", "&Close document", ("Ctrl+W",)),
    Command("quit", "&File", "&Quit", ("Ctrl+Q",)),
    Command("undo", "&Edit", "&Undo", ("Ctrl+Z",), "undo"),
    Command("redo", "&Edit", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Command("delete", "&Edit", "&Delete", ("Del", "Backspace"), "delete", tip="Delete the selected symbols"),
    Command("select_all", "&Edit", "Select &all", ("Ctrl+A",)),
    Command(
        "alike",
        "&Edit",
        "Fix all a&like …",
        ("Ctrl+L",),
        "alike",
        tip="Show symbols like this one and mend them together",
    ),
    Command("preferences", "&Edit", "&Preferences …", ("Ctrl+,",), "settings"),
    Command("tool_select", "&Tools", "&Select", ("V",), "select", True),
    Command("tool_lasso", "&Tools", "&Lasso", ("Shift+V",), "lasso", True),
    Command("tool_relate", "&Tools", "&Relate symbols", ("L",), "relate", True, "Draw or cut a relation"),
    Command("tool_region", "&Tools", "&Ignore a region", ("X",), "region", True, "What is inside is no music"),
    Command("clef", "&Music", "&Clef for a range …", ("Ctrl+Shift+C",), "clef"),
    Command("key", "&Music", "&Key for a range …", ("Ctrl+Shift+K",)),
    Command("time", "&Music", "&Time for a range …", ("Ctrl+Shift+T",)),
    Command("parts", "&Music", "&Parts …", ("Ctrl+Shift+P",), "parts", tip="Names, staves and braces of the parts"),
    Command("dot", "&Music", "&Dot", (".",), tip="One dot more for the selected notes"),
    Command("next", "&Check", "&Next", ("N",), "next", tip="The next bar to check"),
    Command("previous", "&Check", "&Previous", ("P",), "previous", tip="The bar to check before"),
    Command("accept", "&Check", "&Accept", ("Return", "Enter"), "check", tip="The bar is right: mark it and go on"),
    Command("toggle_checked", "&Check", "Bar &checked", ("Ctrl+Return",), tip="Mark the bar, or take the mark off"),
    Command("recognise", "&Page", "&Recognise waiting pages", ("Ctrl+R",), "run"),
    Command("again", "&Page", "Recognise &again", ("Ctrl+Shift+R",), tip="Read this page anew; corrections stay"),
    Command("stop", "&Page", "&Stop", ("Ctrl+.",), "stop", tip="Stop recognising"),
    Command("rotate_left", "&Page", "Turn &left", ("Ctrl+[",), "rotate-left"),
    Command("rotate_right", "&Page", "Turn &right", ("Ctrl+]",), "rotate-right"),
    Command("insert", "&Page", "&Insert pages before …", (), "add-page"),
    Command("replace", "&Page", "Re&place page …", (), "replace"),
    Command("remove", "&Page", "Re&move page", ("Ctrl+Del",), "delete"),
    Command("page_up", "&Page", "Previous pa&ge", ("PgUp",)),
    Command("page_down", "&Page", "Next pag&e", ("PgDown",)),
    Command("zoom_in", "&View", "Zoom &in", ("Ctrl++", "Ctrl+="), "zoom-in"),
    Command("zoom_out", "&View", "Zoom &out", ("Ctrl+-",), "zoom-out"),
    Command("fit_width", "&View", "Fit &width", ("Ctrl+0",), "fit-width"),
    Command("fit_page", "&View", "Fit &page", ("Ctrl+9",), "fit-page"),
    Command("engraved", "&View", "&Engraved reading", ("F3",), "music", True),
    Command("layer_page", "&View", "&Scan", ("F4",), "", True),
    Command("layer_staves", "&View", "S&taves", ("F5",), "", True),
    Command("layer_symbols", "&View", "S&ymbols", ("F6",), "", True),
    Command("layer_names", "&View", "&Names of symbols", ("Shift+F6",), "", True),
    Command("layer_relations", "&View", "&Relations", ("F7",), "", True),
    Command("layer_voices", "&View", "&Voices", ("F8",), "", True),
    Command("layer_issues", "&View", "Bars to &check", ("F9",), "", True),
    Command("fainter", "&View", "Overlay &fainter", ("Ctrl+F6",)),
    Command("stronger", "&View", "Overlay stron&ger", ("Ctrl+Shift+F6",)),
    Command("shortcuts", "&Help", "&Keyboard", ("F1",), "keyboard"),
    Command("about", "&Help", "&About Scorewright", (), "info"),
)
BREAKS: Final = frozenset((
    "save", "export", "batch", "close", "delete", "preferences", "parts", "accept", "rotate_left", "insert", "remove",
    "page_up", "engraved", "layer_page", "fainter", "about", "dot",
))  # fmt: skip
"""Commands before which a menu has a line."""
TOOLBAR: Final = (
    "open", "save", "export", "", "undo", "redo", "", "zoom_out", "zoom_in", "fit_width", "fit_page", "engraved", "",
    "tool_select", "tool_lasso", "tool_relate", "tool_region", "",
)  # fmt: skip
FIXED_KEYS: Final = (
    ("1 … 5", "choose among the readings of the bar"),
    ("1 … 8", "with a note or rest selected: its length, 5 is a quarter"),
    ("Alt+1 … Alt+5", "choose among the classes of the selected symbol"),
    ("↑ ↓", "pitch of the selected notes; with Alt: move by a pixel"),
    ("← →", "the note or rest before or after"),
    ("Esc", "put the tool down, then select nothing"),
    ("Ctrl+wheel", "zoom at the pointer"),
    ("Middle button", "drag the page"),
    ("Shift+drag", "lasso"),
    ("Ctrl+click", "add to the selection"),
)


def make_actions(parent: QWidget) -> dict[str, QAction]:
    """An action for each command, by its id."""
    found = {}
    for command in COMMANDS:
        action = QAction(command.text, parent)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(keys) for keys in command.keys])
        action.setCheckable(command.checkable)
        words = command.tip or command.text.replace("&", "").removesuffix(" …")
        keys = f" ({command.keys[0]})" if command.keys else ""
        action.setToolTip(words + keys)
        action.setStatusTip(words)
        if command.icon:
            action.setIcon(theme.icon(command.icon))
        found[command.id] = action
    return found


def renew_icons(actions: dict[str, QAction]) -> None:
    """After a change between light and dark."""
    for command in COMMANDS:
        if command.icon:
            actions[command.id].setIcon(theme.icon(command.icon))
