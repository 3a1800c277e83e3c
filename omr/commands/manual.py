"""The manual page made from the parsers, so that it never says anything else than --help."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from omr import __version__


def manual(parser: argparse.ArgumentParser) -> str:
    """`omr.1` in roff."""
    lines = [
        f'.TH OMR 1 "" "scorewright {__version__}" "User Commands"',
        ".SH NAME",
        "omr \\- reads scanned pages of music",
        ".SH SYNOPSIS",
        ".B omr",
        ".I COMMAND",
        "[\\fIOPTION\\fR]...",
        ".SH DESCRIPTION",
        _roff(parser.description or ""),
        ".SH COMMANDS",
    ]
    for name, command in sorted(_commands(parser)):
        lines += [f".SS omr {_roff(name)}", _roff(command.description or "")]
        for action in command._actions:
            lines += _option(action)
    lines += [".SH EXIT STATUS"]
    for case in " ".join((parser.epilog or "").split()).removeprefix("exit codes: ").split("; "):
        code, _, meaning = case.partition(" ")
        lines += [".TP", f".B {_roff(code)}", _roff(meaning)]
    return "\n".join(lines)


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _option(action: argparse.Action) -> list[str]:
    """The paragraph of an option or argument."""
    value = action.metavar if isinstance(action.metavar, str) else "|".join(map(str, action.choices or ()))
    names = ", ".join(f"\\fB{_roff(name)}\\fR" for name in action.option_strings)
    shown = " ".join(piece for piece in (names, f"\\fI{_roff(value)}\\fR" if value else "") if piece)
    return [".TP", shown, _roff((action.help or "") % {"prog": "omr", "default": action.default})]


def _roff(text: str) -> str:
    plain = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain
