"""What the person prefers, kept between runs; a value that makes no sense counts as not set."""

from __future__ import annotations

from pathlib import Path
from typing import Final, cast

from PySide6.QtCore import QByteArray, QSettings

from gui.theme import THEMES, Theme
from omr.config import DEVICES, DPI_RANGE, EDITIONS, FORMATS, PRECISIONS, Device, Edition, Format, Precision

RECENT: Final = 10
OPACITIES: Final = range(10, 101)  # per cent


class Settings:
    """Typed access to the stored preferences."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings("Scorewright", "Scorewright")

    @property
    def theme(self) -> Theme:
        value = self._store.value("theme")
        return cast(Theme, value) if value in THEMES else "system"

    @theme.setter
    def theme(self, value: Theme) -> None:
        self._store.setValue("theme", value)

    @property
    def edition(self) -> Edition:
        value = self._store.value("edition")
        return cast(Edition, value) if value in EDITIONS else "print"

    @edition.setter
    def edition(self, value: Edition) -> None:
        self._store.setValue("edition", value)

    @property
    def device(self) -> Device:
        """What the models compute on."""
        value = self._store.value("device")
        return cast(Device, value) if value in DEVICES else "cpu"

    @device.setter
    def device(self, value: Device) -> None:
        self._store.setValue("device", value)

    @property
    def precision(self) -> Precision:
        """Of the detector's arithmetic."""
        value = self._store.value("precision")
        return cast(Precision, value) if value in PRECISIONS else "auto"

    @precision.setter
    def precision(self, value: Precision) -> None:
        self._store.setValue("precision", value)

    @property
    def dpi(self) -> int | None:
        """At which pages of PDFs are drawn that are added from now on; None: as suits their size."""
        value = self._number("dpi", 0)
        return value if value in DPI_RANGE else None

    @dpi.setter
    def dpi(self, value: int | None) -> None:
        self._store.setValue("dpi", value or 0)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Files opened last, the newest first, as far as they still exist."""
        return tuple(path for path in map(Path, self._list("recent")) if path.exists())

    def add_recent(self, path: Path) -> None:
        own = [str(path.absolute()), *(text for text in self._list("recent") if text != str(path.absolute()))]
        self._store.setValue("recent", own[:RECENT])

    def forget_recent(self) -> None:
        self._store.remove("recent")

    @property
    def layers(self) -> frozenset[str]:
        """Names of the layers shown over the page."""
        return frozenset(self._list("layers", "staves,symbols,issues"))

    @layers.setter
    def layers(self, names: frozenset[str]) -> None:
        self._store.setValue("layers", sorted(names) or [""])

    @property
    def opacity(self) -> int:
        """Of the overlay, per cent."""
        value = self._number("opacity", 80)
        return value if value in OPACITIES else 80

    @opacity.setter
    def opacity(self, value: int) -> None:
        self._store.setValue("opacity", value)

    @property
    def recognise_at_once(self) -> bool:
        """Whether pages are recognised as soon as they are opened."""
        return self._store.value("recognise_at_once", "true") in ("true", True)

    @recognise_at_once.setter
    def recognise_at_once(self, value: bool) -> None:
        self._store.setValue("recognise_at_once", "true" if value else "false")

    @property
    def second_look(self) -> bool:
        """Whether pages are looked at again in the background, so that doubtful bars are found."""
        return self._store.value("second_look", "true") in ("true", True)

    @second_look.setter
    def second_look(self, value: bool) -> None:
        self._store.setValue("second_look", "true" if value else "false")

    @property
    def text_size(self) -> int:
        """Of the window's letters, per cent of the system's."""
        value = self._number("text_size", 100)
        return value if 80 <= value <= 200 else 100

    @text_size.setter
    def text_size(self, value: int) -> None:
        self._store.setValue("text_size", value)

    @property
    def formats(self) -> tuple[Format, ...]:
        """What was exported last."""
        return tuple(name for name in self._list("formats", "musicxml") if name in FORMATS) or ("musicxml",)

    @formats.setter
    def formats(self, value: tuple[Format, ...]) -> None:
        self._store.setValue("formats", list(value))

    @property
    def geometry(self) -> tuple[QByteArray, QByteArray] | None:
        """Place and state of the main window."""
        place, state = self._store.value("geometry"), self._store.value("state")
        return (place, state) if isinstance(place, QByteArray) and isinstance(state, QByteArray) else None

    @geometry.setter
    def geometry(self, value: tuple[QByteArray, QByteArray]) -> None:
        self._store.setValue("geometry", value[0])
        self._store.setValue("state", value[1])

    def _list(self, key: str, default: str = "") -> list[str]:
        value = self._store.value(key)
        if isinstance(value, list):
            return [text for text in value if isinstance(text, str) and text]
        if isinstance(value, str):
            return [value] if value else []
        return [text for text in default.split(",") if text]

    def _number(self, key: str, default: int) -> int:
        value = self._store.value(key)
        try:
            return int(cast(str, value))
        except (TypeError, ValueError):
            return default
