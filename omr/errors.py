"""What can go wrong with files, models and pages, and the exit code of each; part of the stable user interface.

Music that makes no sense is never an exception but a score.Issue. Each message says what happened, where, and what to do,
on one line, so that the command line can print it as it is.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """Exit codes of the command `omr`; where OCRmyPDF has the same case, it has the same number."""

    OK = 0
    USAGE = 1
    INPUT = 2
    """An input is missing, damaged, too large or not a page image."""
    MISSING_DEPENDENCY = 3
    """A model or library is missing or damaged."""
    INVALID_OUTPUT = 4
    PERMISSION = 5
    NOTHING_TO_DO = 6
    """The input is readable, but holds no staves; or every output was there already and --skip-existing was given."""
    ENCRYPTED = 8
    CONFIG = 9
    FLAGGED = 10
    """Everything is converted, but bars are to be checked, and --strict was given."""
    SOME_FAILED = 11
    """Of several files or pages; the others are converted."""
    ALL_FAILED = 12
    """Several files were given and none could be converted; a single file gives its own code."""
    RESOURCES = 13
    """Memory, disk space or time ran out."""
    INTERNAL = 15
    CANCELLED = 130


class OmrError(Exception):
    """Base of every error that a caller of omr is expected to handle; `str(error)` is one line for the user."""

    exit_code: ClassVar[ExitCode] = ExitCode.INTERNAL


class UsageError(OmrError):
    """The arguments contradict each other or the input."""

    exit_code = ExitCode.USAGE


class InputError(OmrError):
    """A file cannot be read as page images or as the format it should have."""

    exit_code = ExitCode.INPUT


class TooLargeError(InputError):
    """An image has more pixels than a page can need: probably a decompression bomb."""


class EncryptedError(InputError):
    """A document needs a password, or another one than was given."""

    exit_code = ExitCode.ENCRYPTED


class NoStavesError(OmrError):
    """A page without staves: prose, a picture, a blank page."""

    exit_code = ExitCode.NOTHING_TO_DO


class ModelError(OmrError):
    """A model is missing, damaged or does not fit this version."""

    exit_code = ExitCode.MISSING_DEPENDENCY


class DependencyError(OmrError):
    """A library that this function needs is not installed."""

    exit_code = ExitCode.MISSING_DEPENDENCY


class InvalidOutputError(OmrError):
    """What would be written breaks the rules of its format; nothing was written."""

    exit_code = ExitCode.INVALID_OUTPUT


class PermissionDenied(OmrError):
    """A file or folder may not be read or written."""

    exit_code = ExitCode.PERMISSION


class OutputExistsError(PermissionDenied):
    """An output is there already and may not be replaced."""


class OutputInUseError(PermissionDenied):
    """Another run is writing the same output."""


class ConfigError(OmrError):
    """A configuration file is unreadable or names an unknown option."""

    exit_code = ExitCode.CONFIG


class ResourceError(OmrError):
    """Memory, disk space or time ran out."""

    exit_code = ExitCode.RESOURCES


class Cancelled(OmrError):
    """The user stopped the work."""

    exit_code = ExitCode.CANCELLED
