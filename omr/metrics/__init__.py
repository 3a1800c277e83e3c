"""How far what was read agrees with the truth: notes, layout, detected symbols."""

from omr.metrics.detection import ClassPrecision, Precision, average_precision
from omr.metrics.layout import LayoutCounts, SystemStart, read_systems, score_layout
from omr.metrics.notes import NoteCounts, read_bars, score_notes

__all__ = [
    "ClassPrecision",
    "LayoutCounts",
    "NoteCounts",
    "Precision",
    "SystemStart",
    "average_precision",
    "read_bars",
    "read_systems",
    "score_layout",
    "score_notes",
]
