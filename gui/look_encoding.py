"""What further looks at a page found, as JSON and back."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from omr.batch.project_file import sides
from omr.geometry import Box
from omr.notation import Node
from omr.sound import Sound

if TYPE_CHECKING:
    from omr.second_look import OtherBar

Json = dict[str, Any]


def encoded_look(bar: OtherBar) -> Json:
    """A bar as another size shows it; symbols as [id, class, sides, score]."""
    return {
        "size": bar.size,
        "system": bar.system,
        "middle": bar.middle,
        "sound": None if bar.sound is None else [_note(note) for note in sorted(bar.sound)],
        "found": [[node.id, node.label, sides(node.box), node.score] for node in bar.found],
        "moved": [[node, sides(box)] for node, box in bar.moved],
        "gone": list(bar.gone),
        "joined": [list(pair) for pair in bar.joined],
        "parted": [list(pair) for pair in bar.parted],
    }


def decoded_looks(rows: Sequence[Json] | None) -> tuple[OtherBar, ...] | None:
    """The bars of encoded_look; None where the page was not looked at again."""
    return None if rows is None else tuple(_bar(row) for row in rows)


def _bar(row: Json) -> OtherBar:
    from omr.second_look import OtherBar

    return OtherBar(
        size=row["size"],
        system=row["system"],
        middle=row["middle"],
        sound=None if row["sound"] is None else _sound(row["sound"]),
        found=tuple(
            Node(id=node, label=label, box=Box(*place), score=score) for node, label, place, score in row["found"]
        ),
        moved=tuple((node, Box(*place)) for node, place in row["moved"]),
        gone=tuple(row["gone"]),
        joined=tuple((source, target) for source, target in row["joined"]),
        parted=tuple((source, target) for source, target in row["parted"]),
    )


def _note(note: tuple[Fraction, str, int, int, Fraction, int]) -> list[Any]:
    onset, step, octave, alter, length, number = note
    return [str(onset), step, octave, alter, str(length), number]


def _sound(rows: Sequence[Sequence[Any]]) -> Sound:
    return frozenset(
        (Fraction(onset), step, octave, alter, Fraction(length), number)
        for onset, step, octave, alter, length, number in rows
    )
