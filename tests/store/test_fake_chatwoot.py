"""The fake Chatwoot is faithful where tests rely on it."""

from __future__ import annotations

import inspect
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from wuzapi_chatwoot.bridge.model.errors import DuplicateRow, NotFound, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.events import AgentTyping, Attachment, ChatwootDeletion, Status
from wuzapi_chatwoot.bridge.ports.chatwoot import Chatwoot, ChatwootContact, Post
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.testkit.twins.clock import START, FixedClock
from wuzapi_chatwoot.testkit.twins.fake_chatwoot import FakeChatwoot


def post(source_id: str, text: str = "Hello") -> Post:
	return Post(text, incoming=True, source_id=source_id, sent_at=START)


def talk(chatwoot: FakeChatwoot) -> int:
	contact = chatwoot.create_contact("Ada", "ada", "+447700900001", "link")
	return chatwoot.create_conversation(contact.id, "link", post("first")).conversation_id


def test_a_post_repeated_is_a_double() -> None:
	chatwoot = FakeChatwoot()
	conversation = talk(chatwoot)
	chatwoot.fail_next("post_message", Uncertain("No answer"), after_doing=True)
	with pytest.raises(Uncertain):
		chatwoot.post_message(conversation, post("second"))
	assert chatwoot.find_post(conversation, "second", START) is not None
	chatwoot.post_message(conversation, post("second"))
	assert chatwoot.copies("second") == 2
	assert chatwoot.copies("first") == 1


def test_a_post_is_looked_for_by_its_time() -> None:
	clock = FixedClock()
	chatwoot = FakeChatwoot(clock=clock)
	conversation = talk(chatwoot)
	assert chatwoot.find_post(conversation, "first", START + timedelta(seconds=1)) is None
	assert chatwoot.find_post(conversation, "other", START) is None


def test_phone_identifier_and_link_of_a_contact_are_unique() -> None:
	chatwoot = FakeChatwoot()
	chatwoot.create_contact("Ada", "ada", "+1", "link")
	for identifier, phone, link in (("ada", "+2", "a"), ("bob", "+1", "b")):
		with pytest.raises(DuplicateRow):
			chatwoot.create_contact("Other", identifier, phone, link)
	with pytest.raises(Uncertain, match="500"):
		chatwoot.create_contact("Other", "eve", None, "link")
	chatwoot.create_contact("Group", "group", None, "c")
	chatwoot.create_contact("Group", "group 2", None, "d")


def test_the_latest_conversation_is_that_with_the_newest_activity() -> None:
	chatwoot = FakeChatwoot()
	contact = chatwoot.have_contact("Ada", source_ids=["link"])
	first = chatwoot.have_conversation(contact.id, "link", status="resolved")
	second = chatwoot.have_conversation(contact.id, "link")
	latest = chatwoot.latest_conversation("link")
	assert latest is not None
	assert latest.id == second.id
	chatwoot.post_message(first.id, post("x"))
	latest = chatwoot.latest_conversation("link")
	assert latest is not None
	assert (latest.id, latest.status) == (first.id, "open")


def test_what_is_gone_is_not_found() -> None:
	chatwoot = FakeChatwoot()
	conversation = talk(chatwoot)
	chatwoot.remove_conversation(conversation)
	with pytest.raises(NotFound):
		chatwoot.post_message(conversation, post("x"))
	(contact,) = chatwoot.contacts
	chatwoot.remove_contact(contact)
	with pytest.raises(NotFound):
		chatwoot.create_conversation(contact, "link", post("x"))


def test_what_an_agent_writes_is_to_be_sent_and_our_own_is_not() -> None:
	chatwoot = FakeChatwoot(account_id=3, inbox_id=7)
	conversation = talk(chatwoot)
	attachment = Attachment(1, "http://chatwoot/file", "file", "x.pdf", size=3)
	written = chatwoot.agent_writes(conversation, "Hi", attachments=[(attachment, b"pdf")])
	chatwoot.agent_writes(conversation, "Between us", private=True)
	seen = chatwoot.messages_after(written.conversation, None, START)
	assert [each.to_send for each in seen] == [None, written, None]
	assert json.loads(seen[1].payload)["conversation"]["contact_inbox"]["source_id"] == "link"
	assert chatwoot.fetch_attachment(attachment.url, 3) == b"pdf"
	with pytest.raises(Permanent):
		chatwoot.fetch_attachment(attachment.url, 2)
	assert chatwoot.messages_after(written.conversation, seen[1].id, START) == seen[2:]


def test_a_reply_keeps_its_reference_only_inside_its_conversation() -> None:
	chatwoot = FakeChatwoot()
	contact = chatwoot.create_contact("Ada", "ada", None, "link")
	first = chatwoot.create_conversation(contact.id, "link", post("first"))
	other = chatwoot.create_conversation(contact.id, "link", post("other"), pending=True)
	assert chatwoot.conversations[other.conversation_id].status == "pending"
	for conversation, wanted in ((first, (first.message_id, "first")), (other, (None, None))):
		reply = replace(post("reply"), in_reply_to=first.message_id)
		made = chatwoot.message(chatwoot.post_message(conversation.conversation_id, reply).message_id)
		assert (made.in_reply_to, made.in_reply_to_source) == wanted
		written = chatwoot.agent_writes(conversation.conversation_id, "Yes", in_reply_to=first.message_id)
		assert (written.in_reply_to, written.in_reply_to_source) == wanted


def test_a_note_is_private_and_never_the_customers() -> None:
	chatwoot = FakeChatwoot()
	conversation = talk(chatwoot)
	chatwoot.resolve(conversation)
	made = chatwoot.message(
		chatwoot.post_message(conversation, replace(post("note"), private=True)).message_id
	)
	assert (made.private, made.incoming) == (True, False)
	assert chatwoot.conversations[conversation].status == "resolved"


def test_a_deleted_message_keeps_its_row_and_mark() -> None:
	clock = FixedClock()
	chatwoot = FakeChatwoot(account_id=3, clock=clock)
	conversation = talk(chatwoot)
	file = Attachment(1, "http://chatwoot/file", "file", "x.pdf")
	written = chatwoot.agent_writes(conversation, "Hi", attachments=[(file, b"pdf")])
	clock.advance(5)
	(ours,) = (each for each in chatwoot.messages if each.source_id == "first")
	chatwoot.delete_message(conversation, ours.id)
	chatwoot.delete_message(conversation, 4711)
	chatwoot.delete_message(4711, written.id)
	assert (ours.text, ours.deleted, ours.source_id) == ("This message was deleted", True, "first")
	assert not chatwoot.message(written.id).deleted
	told = chatwoot.agent_deletes(written.id)
	assert told == ChatwootDeletion(written.id, written.conversation, START, account_id=3)
	gone = chatwoot.message(written.id)
	assert (gone.text, gone.deleted, gone.attachments) == ("This message was deleted", True, ())
	seen = chatwoot.messages_after(written.conversation, None, START)
	assert [each.to_send for each in seen] == [None, None]
	assert json.loads(seen[1].payload)["content_attributes"] == {"deleted": True}
	chatwoot.remove_conversation(conversation)
	chatwoot.delete_message(conversation, ours.id)


def test_a_contact_changes_where_something_is_told() -> None:
	chatwoot = FakeChatwoot()
	ada = chatwoot.create_contact("Ada", "ada", "+1", "a")
	chatwoot.create_contact("Bob", "bob", "+2", "b")
	picture = OutgoingFile(b"jpeg", "image/jpeg", "ada.jpg")
	chatwoot.update_contact(ada.id, name="Ada L.", avatar=picture)
	chatwoot.update_contact(ada.id, phone="+3")
	kept = chatwoot.contacts[ada.id]
	assert (kept.name, kept.phone, kept.avatar) == ("Ada L.", "+3", picture)
	with pytest.raises(DuplicateRow):
		chatwoot.update_contact(ada.id, phone="+2")
	with pytest.raises(NotFound):
		chatwoot.update_contact(4711, name="Nobody")


def test_merging_moves_conversations_and_links_and_fills_blanks() -> None:
	chatwoot = FakeChatwoot()
	keep = chatwoot.have_contact("Ada", identifier="ada", source_ids=["a"])
	gone = chatwoot.have_contact("Lovelace", identifier="lid", phone="+2", source_ids=["b"])
	conversation = chatwoot.have_conversation(gone.id, "b")
	for _ in range(2):
		chatwoot.merge_contacts(keep.id, gone.id)
	merged = ChatwootContact(keep.id, "Ada", "ada", "+2", ("a", "b"))
	assert chatwoot.find_contacts("ada", ()) == [merged]
	assert list(chatwoot.contacts) == [keep.id]
	latest = chatwoot.latest_conversation("b")
	assert latest is not None
	assert (latest.id, latest.contact_id) == (conversation.id, keep.id)
	chatwoot.merge_contacts(keep.id, keep.id)
	assert list(chatwoot.contacts) == [keep.id]
	with pytest.raises(NotFound):
		chatwoot.merge_contacts(4711, keep.id)


def test_status_attributes_and_typing_of_a_conversation() -> None:
	chatwoot = FakeChatwoot()
	conversation = talk(chatwoot)
	chatwoot.set_conversation_status(conversation, "resolved")
	chatwoot.add_attributes(conversation, {"a": "1", "b": "2"})
	chatwoot.add_attributes(conversation, {"b": "3"})
	chatwoot.show_typing(conversation, "link", True)
	chatwoot.show_typing(conversation, "link", False)
	assert chatwoot.conversations[conversation].status == "resolved"
	assert chatwoot.conversations[conversation].attributes == {"a": "1", "b": "3"}
	assert chatwoot.typing == [(conversation, True), (conversation, False)]
	with pytest.raises(NotFound):
		chatwoot.show_typing(conversation, "another link", True)
	for call in (
		lambda: chatwoot.set_conversation_status(4711, "open"),
		lambda: chatwoot.add_attributes(4711, {}),
		lambda: chatwoot.show_typing(4711, "link", True),
	):
		with pytest.raises(NotFound):
			call()


def test_agents_look_and_type() -> None:
	clock = FixedClock()
	chatwoot = FakeChatwoot(clock=clock)
	conversation = talk(chatwoot)
	now = clock.advance(5)
	looked = chatwoot.agent_looks(conversation)
	assert (looked.conversation.agent_last_seen_at, looked.at, looked.status_changed) == (now, now, False)
	assert looked.conversation.last_activity_at == START
	assert chatwoot.agent_types(conversation, True) == AgentTyping(looked.conversation, True)
	(active,) = chatwoot.active_conversations(START)
	assert active.conversation == looked.conversation


def test_every_call_of_the_port_can_fail() -> None:
	port = [name for name in vars(Chatwoot) if not name.startswith("_")]
	assert len(port) > 15
	for name in port:
		chatwoot = FakeChatwoot()
		chatwoot.fail_next(name, Retriable("Down"))
		method = getattr(chatwoot, name)
		blanks = [
			each.name
			for each in inspect.signature(method).parameters.values()
			if each.default is inspect.Parameter.empty
		]
		with pytest.raises(Retriable):
			method(**dict.fromkeys(blanks, ()))
		assert chatwoot.count(name) == chatwoot.count() == 1


def test_statuses_show_as_chatwoot_shows_them() -> None:
	chatwoot = FakeChatwoot()
	conversation = talk(chatwoot)
	written = chatwoot.agent_writes(conversation, "Hi")
	chatwoot.set_status(conversation, written.id, Status.FAILED, "No such number")
	assert chatwoot.message(written.id).error == "No such number"
	assert chatwoot.retry(written.id).retry_certain
	chatwoot.set_status(conversation, written.id, Status.PLAYED)
	assert chatwoot.message(written.id).status is Status.READ
	with pytest.raises(NotFound):
		chatwoot.set_status(conversation, 4711, Status.READ)
