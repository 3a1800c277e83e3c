"""Rhythm from short texts: "8. 16", "r8 8", "5:4(16 16 16 16 16)", and tuplets within tuplets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from benchmarks.special.piece import Member, Note, Tuplet

BEAMED: Final = 8
"""Eighths and shorter notes may stand under beams."""


def parsed(text: str) -> tuple[Member, ...]:
    """The notes of a figure, still without pitch (a height of 0 stands for one), beams over neighbours; "/" parts beams."""
    tokens = re.findall(r"\d+:\d+\(|\)|/|r?\d+\.*", text)
    members, rest = _members(tokens)
    if rest:
        raise ValueError(f"{text!r} closes a tuplet that it does not open")
    return beamed(members)


def _members(tokens: Sequence[str]) -> tuple[tuple[Member | None, ...], Sequence[str]]:
    found: list[Member | None] = []
    while tokens:
        token, tokens = tokens[0], tokens[1:]
        if token == ")":
            return tuple(found), [")", *tokens]
        if token == "/":
            found.append(None)
        elif ":" in token:
            actual, normal = (int(number) for number in token[:-1].split(":"))
            inner, tokens = _members(tokens)
            tokens = tokens[1:]
            found.append(Tuplet(actual=actual, normal=normal, members=inner))  # type: ignore[arg-type]
        else:
            pitches = () if token.startswith("r") else ((0, 0),)
            found.append(Note(denominator=int(token.strip("r.")), dots=token.count("."), pitches=pitches))
    return tuple(found), []


def beamed(members: Sequence[Member | None]) -> tuple[Member, ...]:
    """The members with a beam over every run of short notes; None parts two runs."""
    flat: list[Note | None] = []
    _flatten(members, flat)
    edges = _edges(flat)
    return _with_edges(members, iter([edge for note, edge in zip(flat, edges) if note is not None]))


def _flatten(members: Sequence[Member | None], flat: list[Note | None]) -> None:
    for member in members:
        if isinstance(member, Tuplet):
            _flatten(member.members, flat)
        else:
            flat.append(member)


def _edges(flat: Sequence[Note | None]) -> list[str]:
    edges = [""] * len(flat)
    run: list[int] = []
    for place, note in enumerate([*flat, None]):
        if note is not None and note.pitches and note.denominator >= BEAMED:
            run.append(place)
            continue
        if len(run) > 1:
            for index in run:
                edges[index] = "continue"
            edges[run[0]], edges[run[-1]] = "begin", "end"
        run = []
    return edges


def _with_edges(members: Sequence[Member | None], edges: object) -> tuple[Member, ...]:
    found: list[Member] = []
    for member in members:
        if isinstance(member, Tuplet):
            found.append(replace(member, members=_with_edges(member.members, edges)))
        elif member is not None:
            found.append(replace(member, beam=next(edges)))  # type: ignore[call-overload]
    return tuple(found)
