"""What handling an event wants written once its outward calls are done: a function run in the finishing step.

Calls first, then one atomic write of everything they changed together with the event's end. A crash between the
two repeats the calls, which are made so that a repeat does no harm.
"""

from __future__ import annotations

from collections.abc import Callable

Effects = Callable[[], None]


def nothing_to_write() -> None:
	pass
