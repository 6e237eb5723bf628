"""Options where people write them."""

from __future__ import annotations

import contextlib
import getopt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doit.cmdparse import CmdParse


def options_first(parser: CmdParse, args: list[str]) -> list[str]:
    """The same command line for doit, which takes options before names only: `demo/moon --at 12` is what one writes."""
    with contextlib.suppress(getopt.GetoptError):  # which doit then tells
        options, names = getopt.gnu_getopt(args, parser.get_short(), parser.get_long())
        return [part for option in options for part in option if part] + ["--", *names]
    return args
