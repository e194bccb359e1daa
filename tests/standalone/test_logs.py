"""What the log tells: one trace through a message's life, and nothing that people wrote, nor any secret."""

from __future__ import annotations

import io
import json
import logging
import sys
from dataclasses import replace

import pytest
import structlog
from standalone_world import (
	ADMIN,
	SESSION,
	StandaloneWorld,
	agent_message,
	customer_message,
	recorded,
	recordings,
	world_in,
)

from wuzapi_chatwoot.bridge.model.errors import Permanent, Retriable, StoreUnavailable, TooLarge
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.standalone_host.telemetry.logs import set_up_logs

SESSION_WITH_ALL = replace(
	SESSION,
	webhook_tokens=(Secret("Fictional-Url-Token"),),
	gateway_instance=Secret("Fictional-Instance"),
)
SECRETS = ["Fictional-"]
"""Every secret of these tests begins so."""


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
	out, err = capsys.readouterr()
	assert err == ""
	return [json.loads(line) for line in out.splitlines()]


@pytest.fixture(autouse=True)
def as_in_service(alone) -> None:
	set_up_logs("debug", "json")


def test_one_trace_goes_through_all_lines_of_a_message(world, capsys):
	world.customer_writes()
	with world.chatwoot_fails(Retriable("Chatwoot is busy")):
		world.work()
	world.outlast()
	told = lines(capsys)
	assert [line["event"] for line in told] == ["webhook", "attempt", "attempt"]
	[trace] = {line["trace_id"] for line in told}
	assert trace == world.events()[0].trace_id
	webhook, first, second = told
	assert (webhook["source"], webhook["session"], webhook["status"], webhook["reason"]) == (
		"gateway",
		"front-desk",
		200,
		"stored",
	)
	assert (first["outcome"], first["error"], first["begun"]) == ("retry", "Chatwoot is busy", 1)
	assert (second["outcome"], second["error"], second["begun"]) == ("done", None, 2)
	assert first["lane"] == second["lane"] == "in|front-desk|447700900123@s.whatsapp.net"
	assert {line["level"] for line in told} == {"info"}


def test_what_an_operator_must_see_is_louder(world, capsys):
	world.http.post("/webhook/wuzapi", content=b"{}")
	with world.chatwoot_fails(Permanent("Chatwoot refused it")):
		world.customer_writes()
		world.work()
	told = lines(capsys)
	assert [(line["event"], line["level"]) for line in told] == [
		("webhook", "warning"),
		("webhook", "info"),
		("attempt", "error"),
	]


def test_nothing_that_people_wrote_and_no_secret(tmp_path, capsys, monkeypatch):
	"""Everything that can go well or wrong, with recognisable words at every place that people fill."""
	with world_in(tmp_path, SESSION_WITH_ALL) as world:
		_live_through_it(world, monkeypatch)
	out, err = capsys.readouterr()
	assert err == ""
	assert out.count("\n") > 150
	for words in ("WORDS", "Ana Example", "Marina", "Padaria", "conversation\\", "base64", *SECRETS):
		assert words not in out, [line for line in out.splitlines() if words in line][:3]


def _live_through_it(world: StandaloneWorld, monkeypatch: pytest.MonkeyPatch) -> None:
	def customer(number: int) -> dict[str, object]:
		hook = customer_message("WORDS of a customer", f"3AFICTION{number}")
		hook["event"]["Info"]["PushName"] = "WORDS of a name"
		return {**hook, "token": "Fictional-Instance"}

	numbers = iter(range(1000))
	with world.http:
		for source in ("wuzapi", "chatwoot"):
			for path in recordings(source):
				world.told(source, path.read_bytes(), path=f"/webhook/{source}?token=Fictional-Url-Token")
		for path in ("/", "/health", "/metrics", "/events", "/lanes", "/nothing"):
			world.http.get(path, headers=ADMIN)
			world.http.get(path, headers={"Authorization": "Bearer Fictional-Wrong"})
		world.http.post("/webhook/wuzapi?token=Fictional-Wrong", content=b'{"type": "WORDS"')
		world.told_by_gateway(b'{"type": "Message", "event": "WORDS')
		world.told_by_chatwoot(b"WORDS that are no JSON")
		world.http.post("/webhook/wuzapi/WORDS", content=b" " * 2_000_000)
		world.http.get("/webhook/chatwoot/WORDS")
	# The threads have ended and closed the store; from here on by hand.
	monkeypatch.setattr(world.store._database, "_closed", False)
	for error in (
		Retriable("Chatwoot is busy"),
		Permanent("Chatwoot refused it"),
		ValueError("WORDS in a fault"),
		KeyError("WORDS in a fault"),
	):
		with world.chatwoot_fails(error):
			assert world.told_by_gateway(customer(next(numbers))).json()["status"] == "stored"
			world.told_by_chatwoot(agent_message("WORDS of an agent", 9000 + next(numbers)))
			world.work()
	world.outlast()
	for error in (ValueError("WORDS in a fault"), StoreUnavailable("The disk is full", detail="WORDS")):

		def broken(*_: object, error: Exception = error, **__: object) -> bool:
			raise error

		with monkeypatch.context() as patch:
			patch.setattr(world.store, "add_event", broken)
			assert world.told_by_gateway(customer(next(numbers))).status_code == 500
		with monkeypatch.context() as patch:
			patch.setattr(world.store, "list_events", broken)
			assert world.http.get("/events", headers=ADMIN).status_code in (500, 503)


def test_libraries_tell_in_the_same_way_and_without_tracebacks(capsys):
	for name in ("uvicorn.error", "urllib3.connectionpool", "asyncio"):
		try:
			raise ValueError("WORDS of a customer")
		except ValueError:
			logging.getLogger(name).exception("Exception in ASGI application\n")
		logging.getLogger(name).info("chatter")
	told = lines(capsys)
	assert [line["logger"] for line in told] == ["uvicorn.error", "urllib3.connectionpool", "asyncio"]
	for line in told:
		assert (line["event"], line["level"]) == ("library", "error")
		assert (line["message"], line["error"]) == ("Exception in ASGI application", "ValueError")


def test_once_is_enough(capsys):
	set_up_logs("info", "json")
	set_up_logs("info", "json")
	logging.getLogger("any").warning("%d times", 1)
	assert [line["message"] for line in lines(capsys)] == ["1 times"]


@pytest.mark.parametrize(
	("level", "told"),
	[
		("debug", ["debug", "info", "warning", "error"]),
		("info", ["info", "warning", "error"]),
		("warning", ["warning", "error"]),
		("error", ["error"]),
	],
)
def test_the_level_that_is_set(capsys, level, told):
	set_up_logs(level, "json")
	log = structlog.get_logger()
	for each in ("debug", "info", "warning", "error"):
		getattr(log, each)("something")
	assert [line["level"] for line in lines(capsys)] == told


def test_readable_lines_for_a_terminal(capsys):
	set_up_logs("info", "console")
	structlog.get_logger().info("webhook", session="Loja São Paulo")
	out, _ = capsys.readouterr()
	assert "webhook" in out
	assert "Loja São Paulo" in out


@pytest.mark.parametrize("words", ["\ud800", "Ça va 😀", "a\nb", "\x1b[31m"])
def test_any_text_makes_one_whole_line(monkeypatch, words):
	raw = io.BytesIO()
	monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
	set_up_logs("info", "json")
	structlog.get_logger().info("webhook", session=words)
	[line] = raw.getvalue().decode().splitlines()
	assert "webhook" in line
	assert "\x1b" not in line
	monkeypatch.undo()


class Full(io.StringIO):
	def write(self, text: str) -> int:
		raise OSError(28, "No space left on device")


def test_a_log_that_cannot_be_written_stops_no_message(world, monkeypatch):
	"""Standard output may be a file on a full disk, or a pipe that nobody reads any more."""
	monkeypatch.setattr(sys, "stdout", Full())
	assert world.customer_writes().json()["status"] == "stored"
	world.work()
	monkeypatch.undo()
	assert [seen.outcome for seen in world.observer.attempts] == ["done"]
	assert len(world.chatwoot.messages) == 1


def test_a_report_breaks_nothing_that_it_reports(world, capsys):
	"""The notice of a refused file names its event: a logger's own word for something else."""
	world.chatwoot.fail_next("create_conversation", TooLarge("too large for Chatwoot"))
	world.told_by_gateway(recorded("wuzapi-webhooks/message-image-base64.json"))
	world.work()
	told = [line for line in lines(capsys) if line["event"] == "notice"]
	assert [(line["what"], line["event_id"]) for line in told] == [
		("a file was too large for Chatwoot", world.observer.attempts[0].event.id)
	]
	assert world.observer.attempts[0].outcome == "done"
