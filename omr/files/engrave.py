"""verovio with a score in it: how every picture and format that it makes for us begins."""

from __future__ import annotations

from typing import Any

VEROVIO_UNITS = (2100, 2970)  # width and height of A4 in tenths of a millimetre
SCALE = 40  # per cent: staves of about 7 mm on A4


def engraver(musicxml: bytes, **options: object) -> Any:
    """A toolkit of verovio that holds the score on pages of A4, systems broken where the document says.

    None when verovio cannot load it. `options` are verovio's own. The same score gives the same ids.
    """
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    width, height = VEROVIO_UNITS
    toolkit.setOptions(
        {
            "pageWidth": width * 100 // SCALE,
            "pageHeight": height * 100 // SCALE,
            "scale": SCALE,
            "breaks": "encoded",
            "footer": "none",
            "svgFormatRaw": True,  # resvg misplaces text whose elements are parted by white space
            "xmlIdSeed": 1,
            **options,
        }
    )
    return toolkit if toolkit.loadData(musicxml.decode("utf-8")) else None
