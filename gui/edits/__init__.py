"""What a person can do to a document: functions from one State to the next, without Qt.

Each raises EditError, in one line for the user, where notation or geometry forbids the step.
"""

from gui.edits.error import EditError
from gui.edits.music import (
    accept_issue,
    choose_timing,
    group_staves,
    mark_checked,
    rename_part,
    set_duration,
    set_pitch_step,
    set_signature,
    unmark_checked,
)
from gui.edits.pages import ignore_region, insert_pages, move_page, remove_pages, rotate_page
from gui.edits.relations import add_edge, cut_edge, partners
from gui.edits.similar import alike, apply_alike
from gui.edits.symbols import add_symbol, delete, move, relabel, resize, snapped

__all__ = [
    "EditError",
    "accept_issue",
    "add_edge",
    "add_symbol",
    "alike",
    "apply_alike",
    "choose_timing",
    "cut_edge",
    "delete",
    "group_staves",
    "ignore_region",
    "insert_pages",
    "mark_checked",
    "move",
    "move_page",
    "partners",
    "relabel",
    "remove_pages",
    "rename_part",
    "resize",
    "rotate_page",
    "set_duration",
    "set_pitch_step",
    "set_signature",
    "snapped",
    "unmark_checked",
]
