"""The parser all commands share, and their exit codes as help shows them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import NoReturn

from omr.errors import ExitCode

EXIT_CODES = """exit codes: 0 done; 1 wrong arguments; 2 input unreadable; 3 model or library missing; 4 output invalid;
5 permission, output there already (--no-overwrite) or in use; 6 no staves on any page, or nothing left to do; 8 encrypted;
9 wrong configuration; 10 bars to check (only with --strict); 11 some of several files or pages failed; 12 all of several files
failed; 13 memory, disk or time; 15 internal error; 130 interrupted"""


class Parser(argparse.ArgumentParser):
    """Exits with ExitCode.USAGE where argparse would exit with 2, which here means an unreadable input."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(ExitCode.USAGE, f"{self.prog}: error: {message}\n")


Commands = argparse._SubParsersAction


def positive(kind: type[int] | type[float]) -> Callable[[str], float]:
    """A converter for argparse: a number above 0."""

    def convert(text: str) -> float:
        value = kind(text)
        if not 0 < value < 1e9:
            raise argparse.ArgumentTypeError(f"{text} is not above 0")
        return value

    convert.__name__ = "number"
    return convert
