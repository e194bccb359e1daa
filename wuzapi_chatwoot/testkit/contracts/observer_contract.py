"""The contract of every host's observer: what is reported has its line, and a report never raises."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wuzapi_chatwoot.bridge.model.records import EventRow, EventState, Source
from wuzapi_chatwoot.bridge.text.log_lines import LineObserver
from wuzapi_chatwoot.testkit.twins.clock import START

if TYPE_CHECKING:
	import unittest

	_Case = unittest.TestCase
else:
	_Case = object

EVENT = EventRow(
	id=7,
	key="k",
	session="main",
	source=Source.GATEWAY,
	kind="Message",
	lane="in|main|session",
	payload="{}",
	occurred_at=START,
	received_at=START,
	trace_id="trace",
	state=EventState.WAITING,
)


class _Unspeakable:
	def __str__(self) -> str:
		raise ValueError("no words")

	__repr__ = __str__


class ObserverContract(_Case):
	"""Mixin for a `unittest.TestCase`; a host's test fills in the hooks."""

	def new_observer(self) -> LineObserver:
		raise NotImplementedError

	def lines(self) -> list[dict[str, object]]:
		"""What the log has by now, each line with its `event`, oldest first."""
		raise NotImplementedError

	def setUp(self) -> None:
		super().setUp()
		self.observer = self.new_observer()

	def only_line(self) -> dict[str, object]:
		[line] = self.lines()
		return line

	def test_a_webhook_has_its_line(self) -> None:
		self.observer.webhook(Source.CHATWOOT, "main", 200, "stored", "trace")
		line = self.only_line()
		self.assertEqual(
			{name: line[name] for name in ("event", "source", "session", "status", "reason", "trace_id")},
			{
				"event": "webhook",
				"source": "chatwoot",
				"session": "main",
				"status": 200,
				"reason": "stored",
				"trace_id": "trace",
			},
		)

	def test_an_attempt_has_its_line(self) -> None:
		self.observer.attempt(EVENT, "dead", -1.0, "No answer")
		line = self.only_line()
		self.assertEqual((line["event"], line["event_id"], line["outcome"]), ("attempt", 7, "dead"))
		self.assertEqual((line["lane"], line["error"]), ("in|main|session", "No answer"))

	def test_a_notice_has_its_line(self) -> None:
		self.observer.notice("a breaker closed", session="main", waiting=3, error=None)
		line = self.only_line()
		self.assertEqual((line["event"], line["what"]), ("notice", "a breaker closed"))
		self.assertEqual((line["session"], line["waiting"], line["error"]), ("main", 3, None))

	def test_a_notice_may_bear_any_name(self) -> None:
		"""Names that a logger, a log or Python gives to something of its own."""
		names = (
			"event",
			"what",
			"level",
			"self",
			"timestamp",
			"msg",
			"args",
			"name",
			"exc_info",
			"stack",
			"fields",
		)
		for number, name in enumerate(names):
			self.observer.notice("something", **{name: number})
		for number, (name, line) in enumerate(zip(names, self.lines(), strict=True)):
			with self.subTest(name):
				self.assertEqual((line["event"], line["what"]), ("notice", "something"))
				self.assertIn(number, [line.get(name), line.get(f"{name}_id")])

	def test_a_notice_may_bear_any_value(self) -> None:
		self.observer.notice("something", first=_Unspeakable(), second=b"\xff", third="\ud800", fourth=START)
		line = self.only_line()
		self.assertEqual(line["what"], "something")
		self.assertEqual(line["first"], "_Unspeakable")

	def test_a_log_that_cannot_be_written_breaks_nothing(self) -> None:
		def full(*_: object, **__: object) -> None:
			raise OSError(28, "No space left on device")

		for method in ("write", "count_webhook", "count_attempt", "count_notice"):
			with self.subTest(method):
				self.break_method(method, full)
				self.observer.webhook(Source.GATEWAY, "main", 401, "bad signature", None)
				self.observer.attempt(EVENT, "done", 0.1, None)
				self.observer.notice("something", event=1)
				self.observer = self.new_observer()

	def break_method(self, name: str, broken: Callable[..., None]) -> None:
		setattr(self.observer, name, broken)
