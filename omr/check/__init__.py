"""What makes no sense in a graph or a score, and what is unlikely: places worth a look, those that do most harm first.

A page that was read right passes but for few notes; nothing is changed here.
"""

from omr.check.graph import check_graph
from omr.check.harm import bars_to_check, harm, ranked
from omr.check.locate import located
from omr.check.score import check_score

__all__ = ["bars_to_check", "check_graph", "check_score", "harm", "located", "ranked"]
