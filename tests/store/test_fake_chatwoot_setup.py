"""The fake account of a Chatwoot is faithful where tests of setting up rely on it.

`tests/chatwoot/test_setup_over_http.py` tells it and the client before the sandbox's Chatwoot the same story.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace

import pytest

from wuzapi_chatwoot.bridge.model.errors import NotFound, Permanent, Uncertain
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootProfile, ChatwootSetup, ChatwootUser, Inbox
from wuzapi_chatwoot.testkit.twins.clock import START
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_setup import FakeChatwootProfile, FakeChatwootSetup

CALLBACK = "https://bridge.example.com/hook/1"
AGENT = ChatwootUser(5, "Rafael", administrator=False)


@pytest.mark.parametrize(
	("port", "fake"), [(ChatwootSetup, FakeChatwootSetup), (ChatwootProfile, FakeChatwootProfile)]
)
def test_it_has_the_port_s_methods_and_their_parameters(port: type, fake: type) -> None:
	for name, method in vars(port).items():
		if not name.startswith("_"):
			own = inspect.signature(getattr(fake, name))
			assert own == inspect.signature(method), name


def test_an_inbox_from_its_making_to_its_end() -> None:
	port: ChatwootSetup = FakeChatwootSetup()
	made = port.create_inbox("  Loja \n 1 ", CALLBACK)
	assert made == Inbox(
		1, "Loja 1", is_api=True, callback=CALLBACK, secret=Secret("FictionalInboxSecret0001")
	)
	assert (port.inbox(1), port.inboxes()) == (made, [made])
	moved = port.set_callback(1, CALLBACK + "2")
	assert moved == replace(made, callback=CALLBACK + "2")
	renewed = port.new_secret(1)
	assert renewed == replace(moved, secret=Secret("FictionalInboxSecret0002"))
	assert port.inbox(1) == renewed
	port.delete_inbox(1)
	port.delete_inbox(1)
	assert port.inboxes() == []


def test_who_asks_and_when() -> None:
	port = FakeChatwootSetup(owner=AGENT)
	assert (port.user(), port.clock()) == (AGENT, START.replace(microsecond=0))
	assert FakeChatwootSetup(time=None).clock() is None


def test_names_are_not_unique_and_what_is_repeated_is_a_double() -> None:
	port = FakeChatwootSetup()
	port.fail_next("create_inbox", Uncertain("No answer"), after_doing=True)
	with pytest.raises(Uncertain):
		port.create_inbox("Loja", CALLBACK)
	port.create_inbox("Loja", CALLBACK)
	assert [(each.id, each.name) for each in port.inboxes()] == [(1, "Loja"), (2, "Loja")]


def test_the_reply_window_goes() -> None:
	port = FakeChatwootSetup()
	windowed = port.have_inbox("Loja", reply_window_hours=24)
	assert port.clear_reply_window(1) == replace(windowed, reply_window_hours=None)
	assert port.clear_reply_window(1) == port.inbox(1) == replace(windowed, reply_window_hours=None)


def test_what_is_gone_is_not_found() -> None:
	port = FakeChatwootSetup()
	calls: list[Callable[[], object]] = [
		lambda: port.inbox(1),
		lambda: port.set_callback(1, CALLBACK),
		lambda: port.clear_reply_window(1),
		lambda: port.new_secret(1),
	]
	for call in calls:
		with pytest.raises(NotFound):
			call()


def test_other_types_are_shown_and_not_changed() -> None:
	port = FakeChatwootSetup()
	site = port.have_inbox("Site", is_api=False)
	assert port.inbox(1) == site == Inbox(1, "Site", is_api=False)
	calls: list[Callable[[], object]] = [
		lambda: port.set_callback(1, CALLBACK),
		lambda: port.clear_reply_window(1),
		lambda: port.new_secret(1),
	]
	for call in calls:
		with pytest.raises(Permanent, match="wrong type"):
			call()


def test_an_agent_sees_their_inboxes_without_secrets_and_changes_none() -> None:
	port = FakeChatwootSetup(owner=AGENT, member_of={1})
	own = port.have_inbox("Loja", callback=CALLBACK, reply_window_hours=24)
	port.have_inbox("Other")
	seen = replace(own, secret=None)
	assert (port.inboxes(), port.inbox(1)) == ([seen], seen)
	assert port.set_callback(1, CALLBACK) == seen
	before = dict(port.account)
	calls: list[Callable[[], object]] = [
		lambda: port.create_inbox("Mine", CALLBACK),
		lambda: port.set_callback(1, "https://other.example.com"),
		lambda: port.clear_reply_window(1),
		lambda: port.new_secret(1),
		lambda: port.delete_inbox(1),
		lambda: port.inbox(2),
	]
	for call in calls:
		with pytest.raises(Permanent) as raised:
			call()
		assert type(raised.value) is Permanent
	assert port.account == before


def test_an_old_chatwoot_has_no_secrets() -> None:
	port = FakeChatwootSetup(has_secrets=False)
	assert port.create_inbox("Loja", CALLBACK).secret is None
	with pytest.raises(Permanent, match=r"older than 4\.13\.0"):
		port.new_secret(1)


def test_a_nameless_inbox_is_refused() -> None:
	port = FakeChatwootSetup()
	with pytest.raises(Permanent, match="needs a name"):
		port.create_inbox(" ", CALLBACK)
	assert port.account == {}
