"""Other formats through music21: MIDI. Repeats are played where they make sense, and nothing depends on the clock."""

from __future__ import annotations

import io

from lxml import etree


def to_midi(musicxml: bytes) -> bytes:
    """`musicxml` as a standard MIDI file, one track a part."""
    from music21 import converter, midi, repeat

    score = converter.parse(musicxml.decode("utf-8"), format="musicxml")
    try:
        file = midi.translate.music21ObjectToMidiFile(score)
    except repeat.ExpanderException:
        score = converter.parse(_without_repeats(musicxml), format="musicxml")
        file = midi.translate.music21ObjectToMidiFile(score)
    written = io.BytesIO()
    file.openFileLike(written)
    file.write()
    return written.getvalue()


def _without_repeats(musicxml: bytes) -> str:
    """The document without repeats, endings and signs: played once from beginning to end."""
    root = etree.fromstring(musicxml)
    for element in list(root.iter("repeat", "ending")):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    for kind in list(root.iter("segno", "coda")):
        direction = next(kind.iterancestors("direction"), None)
        holder = direction.getparent() if direction is not None else None
        if direction is not None and holder is not None:
            holder.remove(direction)
    return etree.tostring(root, encoding="unicode")
