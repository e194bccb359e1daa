"""Two numbers of ours in one group, between real processes: both hear everything, the other one's answers too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from end_to_end.administrator import Administrator, administrator
from processes import until

NUMBERS = {"front": "447700903061", "back": "447700903062"}
BEN = "447700900456"


@pytest.fixture
def admin(tmp_path) -> Iterator[Administrator]:
	with administrator(tmp_path, FETCH_SECONDS=1) as admin:
		for name, phone in NUMBERS.items():
			admin.sets_up(name=name)
			admin.pairs(name, phone)
		for name in NUMBERS:
			admin.until_state("connected", name)
		yield admin


def in_inbox(admin: Administrator, name: str) -> list[dict[str, Any]]:
	inbox = admin(f"/{name}")["inbox_id"]
	shown = admin.sandbox.control("chatwoot/conversations")["conversations"]
	return [each for each in shown if each["inbox_id"] == inbox]


def texts(admin: Administrator, name: str, kind: str) -> list[str]:
	[conversation] = in_inbox(admin, name)
	return [
		each["content"].rpartition("\n")[2]
		for each in conversation["messages"]
		if each["message_type"] == kind
	]


def heard_by_all(admin: Administrator, names: list[str], **written: Any) -> None:
	"""WhatsApp hands one message, with one id, to every phone in the group."""
	for name in names:
		admin.sandbox.control("phone/send", {"user": name, "to_group": True, **written})


def until_there(admin: Administrator, name: str, kind: str, *wanted: str) -> None:
	until(
		lambda: len(in_inbox(admin, name)) == 1 and texts(admin, name, kind) == list(wanted),
		f"{name} shows {wanted}",
	)


def calm(admin: Administrator) -> None:
	def is_calm() -> bool:
		counters = admin.sandbox.control("counters")
		busy = any(counters[side]["webhooks"]["under_way"] for side in ("gateway", "chatwoot"))
		return not busy and not admin.bridge.get("/lanes")["lanes"]

	until(is_calm, "nothing is under way")


def test_each_keeps_its_own_conversation_and_sees_the_other_once(admin):
	both = list(NUMBERS)
	# Each of our phones knows the other as a member like any.
	for name, other in (both, both[::-1]):
		body = {"user": name, "customer": NUMBERS[other], "kind": "group_join"}
		admin.sandbox.control("phone/send", body)
	heard_by_all(admin, both, customer=BEN, text="Who can help?", id="3AFFEE01")
	for name in both:
		until_there(admin, name, "incoming", "Who can help?")

	[conversation] = in_inbox(admin, "front")
	admin.sandbox.control("agent/send", {"conversation_id": conversation["id"], "text": "The front can."})

	def sent() -> dict[str, Any] | None:
		chat = admin.sandbox.control("phone/chats/group?user=front")["messages"]
		return next((each for each in chat if each["via"] == "api"), None)

	answer = until(sent, "the answer is in the group")
	# The back's phone hears it from the front's number, under the same id; the front's own echo came meanwhile.
	heard_by_all(admin, ["back"], customer=NUMBERS["front"], text="The front can.", id=answer["id"])
	until_there(admin, "back", "incoming", "Who can help?", "The front can.")
	calm(admin)
	assert texts(admin, "front", "incoming") == ["Who can help?"]
	assert texts(admin, "front", "outgoing") == ["The front can."]
	assert texts(admin, "back", "outgoing") == []
	assert admin.sandbox.control("counters")["gateway"]["messages"]["sent_by_api"] == 1

	# And the other way round: what the back answers does not come back as the back's own.
	[conversation] = in_inbox(admin, "back")
	admin.sandbox.control("agent/send", {"conversation_id": conversation["id"], "text": "So can the back."})
	until(lambda: "So can the back." in texts(admin, "back", "outgoing"), "written")
	until(lambda: admin.sandbox.control("counters")["gateway"]["messages"]["sent_by_api"] == 2, "and sent")
	calm(admin)
	assert texts(admin, "front", "outgoing") == ["The front can."]
	assert admin.bridge.get("/events?state=dead")["events"] == []
