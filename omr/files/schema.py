"""Validation against the official MusicXML 4.0 schema without a network: its two imports are served from copies beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lxml import etree

from omr.errors import InvalidOutputError

SCHEMAS = Path(__file__).parent / "schemas"
_XS = "{http://www.w3.org/2001/XMLSchema}"


@cache
def _musicxml_schema() -> etree.XMLSchema:
    document = etree.parse(str(SCHEMAS / "musicxml.xsd"))
    for needed in document.getroot().iterfind(f"{_XS}import"):
        address = needed.get("schemaLocation", "")
        needed.set("schemaLocation", address.rpartition("/")[2])  # relative to musicxml.xsd: the local copy
    return etree.XMLSchema(document)


def schema_errors(root: etree._Element) -> tuple[str, ...]:
    """What the MusicXML 4.0 schema objects to in a score-partwise element, 'line N: reason' each; empty when valid."""
    schema = _musicxml_schema()
    if schema.validate(root):
        return ()
    return tuple(f"line {entry.line}: {entry.message}" for entry in schema.error_log)  # type: ignore[attr-defined]


def require_valid(musicxml: bytes) -> None:
    """Raise InvalidOutputError unless `musicxml` is well formed and valid MusicXML 4.0."""
    try:
        root = etree.fromstring(musicxml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise InvalidOutputError(f"the MusicXML is not well formed ({error}): please report the page") from error
    errors = schema_errors(root)
    if errors:
        first = f"{len(errors)} places, first {errors[0]}"
        raise InvalidOutputError(f"the MusicXML breaks its schema in {first}: please report the page")
