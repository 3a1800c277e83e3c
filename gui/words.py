"""Symbols and bars in words: for the panel that describes them and for screen readers."""

from __future__ import annotations

import re
from fractions import Fraction

from gui.document import Document
from gui.overlays import bar_name
from gui.selection import Selection
from gui.shapes import spoken
from gui.state import NodeKey
from omr.labels import DETECTED
from omr.score import Event, Measure, Part, Tone

_ARTICLE = re.compile(r"(?:\b(an?) )?\b(" + "|".join(sorted(DETECTED, key=len, reverse=True)) + r")\b")
ACCIDENTALS = {-2: " double flat", -1: " flat", 0: "", 1: " sharp", 2: " double sharp"}


def music_words(document: Document, page: str, node: int) -> str:
    """How a symbol was read: "C sharp 5, quarter, beat 2, voice 1"; empty where it gives no note or rest of its own."""
    found = _event(document, page, node)
    if found is None:
        return ""
    _, _, event, tone = found
    if tone is not None:
        what = f"{tone.pitch.step}{ACCIDENTALS.get(tone.pitch.alter, '')} {tone.pitch.octave}"
    else:
        what = "rest" if event.is_rest else "chord"
    dots = {0: "", 1: " dotted", 2: " double dotted"}.get(event.dots, " dotted")
    return f"{what},{dots} {event.type}, {_beat(event.onset)}, voice {event.voice}, staff {event.staff}"


def selection_words(document: Document, selection: Selection) -> str:
    """What is selected, as a screen reader should say it."""
    words = []
    if len(selection.nodes) == 1:
        node_id = next(iter(selection.nodes))
        try:
            node = document.state.page(selection.page).graph.by_id[node_id]
        except KeyError:
            return ""
        words.append(spoken(node.label))
        music = music_words(document, selection.page, node_id)
        if music:
            words.append(music)
        bar = document.bar_of(NodeKey(selection.page, node_id))
    else:
        bar = selection.bar
        if selection.nodes:
            words.append(f"{len(selection.nodes)} symbols selected")
    if bar is not None:
        words.append(bar_name(document, bar))
        if bar in document.state.decisions.checked:
            words.append("checked")
        problem = next((problem for problem in document.problems if problem.bar == bar), None)
        if problem is not None:
            words.append(f"to check: {plain(problem.message)}")
    return ", ".join(words)


def plain(message: str) -> str:
    """An issue's message with the classes of symbols as people call them, its first letter large."""
    text = _ARTICLE.sub(_named, message)
    return text[:1].upper() + text[1:]


def _named(found: re.Match[str]) -> str:
    name = spoken(found.group(2))
    article = found.group(1)
    if article is None:
        return name
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _beat(onset: Fraction) -> str:
    """The place in the bar counted in quarters from 1."""
    whole, rest = divmod(onset, 1)
    return f"quarter {whole + 1}" + (f" and {rest}" if rest else "")


def _event(document: Document, page: str, node: int) -> tuple[Part, Measure, Event, Tone | None] | None:
    heard = document.reread
    if heard is None:
        return None
    places = [place for place, entry in enumerate(heard.state.read_pages) if entry.id == page]
    if not places:
        return None
    ref = places[0], node
    for part in heard.score.parts:
        for measure in part.measures:
            if measure.page != ref[0]:
                continue
            for event in measure.events:
                tone = next((tone for tone in event.tones if ref in tone.nodes[:1]), None)
                if tone is not None or (event.is_rest and ref in event.nodes[:1]):
                    return part, measure, event, tone
    return None
