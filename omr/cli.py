"""The command `omr`: parses, calls, and turns errors into one line and an exit code.

Result paths go to stdout, everything else to stderr. The stages are imported when a command needs them, so that `--help` and
a wrong argument answer at once.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

from omr import __version__
from omr.commands import check, convert, others, setup_texts, watch
from omr.commands.arguments import EXIT_CODES, Parser
from omr.commands.speech import accept_any_file_name, say, set_up_log, stop_writing
from omr.errors import ExitCode, OmrError

log = logging.getLogger("omr")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    accept_any_file_name()
    options = parser().parse_args(arguments)
    set_up_log(verbose=options.verbose, form=getattr(options, "log_format", "text"))
    try:
        return int(options.run(options))
    except OmrError as error:
        say(str(error), level="error", fields={"code": int(error.exit_code)})
        if options.verbose:
            log.info("where it happened", exc_info=error)
        return error.exit_code
    except KeyboardInterrupt:
        say("interrupted; finished work is kept, --resume goes on with it")
        return ExitCode.CANCELLED
    except BrokenPipeError:
        stop_writing()
        return ExitCode.OK
    except Exception:  # the last resort: a fault of ours, told as such
        log.exception("internal error; please report the lines above together with the output of `omr doctor`")
        return ExitCode.INTERNAL


def parser() -> Parser:
    """Every command with its options."""
    whole = Parser(prog="omr", description="Reads scanned pages of music.", epilog=EXIT_CODES)
    whole.add_argument("--version", action="version", version=f"scorewright {__version__}")
    commands = whole.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    added = [
        convert.add(commands),
        watch.add(commands),
        check.add(commands),
        others.add_evaluate(commands),
        others.add_models(commands),
        others.add_doctor(commands),
        setup_texts.add_completion(commands, parser),
        setup_texts.add_man(commands, parser),
    ]
    for command in added:
        command.add_argument("-v", "--verbose", action="store_true", help="tell more, with tracebacks")
    return whole


if __name__ == "__main__":
    sys.exit(main())
