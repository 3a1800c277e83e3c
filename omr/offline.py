"""A promise kept by force: once given, no connection to another machine can be opened by this process."""

from __future__ import annotations

import sys
from typing import Any

from omr.errors import OmrError

REFUSED = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"})


class OfflineError(OmrError):
    """Something tried to reach another machine although --offline was given."""


def refuse_connections() -> None:
    """From now on, for the rest of the process, an attempt to reach another machine raises OfflineError."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in REFUSED:
        return
    address = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
    if isinstance(address, str | bytes) and event in ("socket.connect", "socket.sendto"):
        return  # a socket of this machine's file system
    raise OfflineError(f"a connection to {address} was refused because of --offline")
