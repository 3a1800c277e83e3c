"""Other formats through music21: MIDI. Repeats are played where they make sense, and nothing depends on the clock."""

from __future__ import annotations

import io

from lxml import etree

from omr.errors import InvalidOutputError


def to_midi(musicxml: bytes) -> bytes:
    """`musicxml` as a standard MIDI file, one track a part; raises InvalidOutputError when music21 cannot."""
    from music21 import exceptions21, repeat

    try:
        return _play(musicxml.decode("utf-8"))
    except repeat.ExpanderException:
        return _play(_without_repeats(musicxml))
    except exceptions21.Music21Exception as error:
        raise InvalidOutputError(f"the score cannot be turned into MIDI ({error}); write MusicXML instead") from error


def _play(musicxml: str) -> bytes:
    from music21 import converter, midi

    file = midi.translate.music21ObjectToMidiFile(converter.parse(musicxml, format="musicxml"))
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
