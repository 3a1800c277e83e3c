"""Symbols of a prepared page: tiles with overlap go through the detector, and what they find is merged into one list."""

from omr.detect.page import Detector, detect
from omr.detect.soft import under_each_class

__all__ = ["Detector", "detect", "under_each_class"]
