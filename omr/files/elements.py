"""Building XML elements: text is cleaned of the characters that XML 1.0 cannot hold, so any string can be written."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """`text` without control characters and lone surrogates."""
    return _NOT_XML.sub("", text)


def child(
    parent: etree._Element, tag: str, text: str | int | None = None, attributes: Mapping[str, str] | None = None
) -> etree._Element:
    """A new last child of `parent`."""
    made = etree.SubElement(parent, tag)
    for name, value in (attributes or {}).items():
        made.set(name, clean(value))
    if text is not None:
        made.text = clean(str(text))
    return made
