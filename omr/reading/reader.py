"""Reading: from the symbols and relations of all pages to one score."""

from __future__ import annotations

from collections.abc import Sequence

from omr.reading.document import read_document
from omr.reading.doubts import doubtful
from omr.reading.page import ReadPage
from omr.reading.parts import build_parts
from omr.reading.timing import time_bars
from omr.score import Score


def read_score(pages: Sequence[ReadPage]) -> Score:
    """The music of the pages, as one document; what makes no sense is among its issues.

    Pages without staves add nothing; without any staff the score has no part.
    """
    document = read_document(pages)
    if not document.systems:
        return Score(parts=())
    bars = time_bars(document)
    parts, issues = build_parts(document, bars)
    return Score(parts=parts, issues=(*issues, *doubtful(document, bars)))
