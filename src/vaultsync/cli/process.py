"""The command line as a process of its own."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def process() -> None:
    """Run the command line, and end without giving back the memory bit by bit.

    That takes a tenth of a quick run. To look for garbage takes another, and finds next to none:
    facts live to the end of a command. Who lives longer has to look for it.
    """
    gc.disable()
    from vaultsync.cli.main import main

    try:
        main()
    except SystemExit as end:
        # While it is handled, what the functions hold that it came through is not freed.
        _leave(end.code if isinstance(end.code, int) else int(end.code is not None))
    _leave(0)


def _leave(code: int) -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        # Whoever read it may have gone away; what cannot be written has been told.
        with suppress(OSError):
            stream.flush()
    os._exit(code)
