"""`omr completion` and `omr man`: what a shell and `man` want to know of the commands."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from omr.commands.arguments import Commands, Parser
from omr.commands.speech import result
from omr.errors import DependencyError, ExitCode

SHELLS = ("bash", "zsh", "fish")


def add_completion(commands: Commands[Parser], whole: Callable[[], Parser]) -> Parser:
    """The parser of `omr completion`; `whole` gives the parser of all commands."""
    command = commands.add_parser("completion", help="completion for a shell", description=completion.__doc__)
    command.set_defaults(run=lambda arguments: completion(arguments, whole()))
    command.add_argument("shell", choices=SHELLS)
    return command


def add_man(commands: Commands[Parser], whole: Callable[[], Parser]) -> Parser:
    """The parser of `omr man`."""
    command = commands.add_parser("man", help="the manual page", description=man.__doc__)
    command.set_defaults(run=lambda arguments: man(whole()))
    return command


def completion(arguments: argparse.Namespace, parser: Parser) -> ExitCode:
    """Print a completion script: eval "$(omr completion bash)", or keep it where your shell looks for such files."""
    try:
        import shtab
    except ImportError as error:
        raise DependencyError("the package shtab is missing; install scorewright again") from error
    result(shtab.complete(parser, shell=arguments.shell))
    return ExitCode.OK


def man(parser: Parser) -> ExitCode:
    """Print the manual page in roff: omr man > omr.1"""
    from omr.commands.manual import manual

    result(manual(parser))
    return ExitCode.OK
