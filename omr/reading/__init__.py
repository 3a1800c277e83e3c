"""Reading: the notation graph of each page becomes one score (layout, signatures, bar arithmetic, pitches, parts)."""

from omr.reading.page import ReadPage
from omr.reading.reader import Reading, read, read_score

__all__ = ["ReadPage", "Reading", "read", "read_score"]
