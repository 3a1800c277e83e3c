"""Page image -> prepared image: even light, no skew, and a staff space of 16 pixels, with the way back to page pixels.

Everything after this stage measures in staff spaces, so a fixed staff space makes one set of thresholds, and one size of
symbol for the detector, serve every resolution and print size. Bent lines stay bent: tracing the staves follows them.
"""

from __future__ import annotations

from omr.prepare.orient import turned
from omr.prepare.page_map import PageMap, as_table, from_page, from_table, to_page
from omr.prepare.prepared import STAFF_SPACE, Prepared
from omr.prepare.warp import prepare

__all__ = ["STAFF_SPACE", "PageMap", "Prepared", "as_table", "from_page", "from_table", "prepare", "to_page", "turned"]
