"""Work found after a crash: restore it, throw it away, or decide later."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gui.journals import Lost


class RecoveryDialog(QDialog):
    """A list of documents with edits that no file holds."""

    restore_wanted = Signal(Path)
    """A journal."""

    def __init__(self, lost: tuple[Lost, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Recover your work")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        text = QLabel("Scorewright did not end as it should. These edits are not in any file yet:")
        text.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName("Documents with edits that can be restored")
        self.list.setMinimumSize(460, 140)
        for own in lost:
            edits = f"{own.edits} edit{'s' if own.edits != 1 else ''}"
            item = QListWidgetItem(f"{own.name}: {edits}, {own.when:%d %B %Y, %H:%M}")
            item.setData(Qt.ItemDataRole.UserRole, str(own.journal))
            item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        roles = QDialogButtonBox.ButtonRole
        self.buttons = QDialogButtonBox()
        self.restore = self.buttons.addButton("&Restore", roles.AcceptRole)
        self.discard = self.buttons.addButton("&Throw away", roles.DestructiveRole)
        self.later = self.buttons.addButton("&Later", roles.RejectRole)
        self.restore.clicked.connect(self._restore)
        self.discard.clicked.connect(self._discard)
        self.later.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(text)
        layout.addWidget(self.list)
        layout.addWidget(self.buttons)

    def _chosen(self) -> list[Path]:
        items = [self.list.item(row) for row in range(self.list.count())]
        return [
            Path(str(item.data(Qt.ItemDataRole.UserRole)))
            for item in items
            if item.checkState() == Qt.CheckState.Checked
        ]

    def _restore(self) -> None:
        for journal in self._chosen():
            self.restore_wanted.emit(journal)
        self.accept()

    def _discard(self) -> None:
        for journal in self._chosen():
            journal.unlink(missing_ok=True)
        self.reject()
