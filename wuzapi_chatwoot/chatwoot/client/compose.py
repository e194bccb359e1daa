"""The bodies of our calls to Chatwoot, made from the bridge's values. Sends nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.ports.chatwoot import Post
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.chatwoot.client.calls import FilePart
from wuzapi_chatwoot.chatwoot.parse import fields
from wuzapi_chatwoot.chatwoot.parse.file_names import extension_by_type, extension_of, fit_name

LONGEST_TEXT = 150_000
LONGEST_NAME = 255
LONGEST_ATTRIBUTE = 1499
_LONGEST_ERROR = 255
CUT_MARK = "\n[… cut: longer than Chatwoot takes]"
_WORD_JOINER = "\u2060"
_RAW = ("{% raw %}", "{% endraw %}")

# E.164, as Chatwoot checks it. One that fails would be refused together with the whole contact.
_PHONE = re.compile(r"\+[1-9]\d{1,14}\Z", re.ASCII)

# Chatwoot has no word for pending, nor for played.
_STATUS_WORDS = {
	Status.PENDING: "sent",
	Status.SENT: "sent",
	Status.DELIVERED: "delivered",
	Status.READ: "read",
	Status.PLAYED: "read",
	Status.FAILED: "failed",
}


def contact_search(identifier: str, phones: Sequence[str]) -> dict[str, Any] | None:
	"""Conditions joined by OR; `None` if there is nothing to look for."""
	wanted = [("identifier", identifier)] if identifier else []
	wanted += [("phone_number", phone) for phone in dict.fromkeys(phones) if phone]
	conditions: list[dict[str, Any]] = [
		{"attribute_key": key, "filter_operator": "equal_to", "values": [value], "query_operator": "OR"}
		for key, value in wanted
	]
	if not conditions:
		return None
	conditions[-1]["query_operator"] = None
	return {"payload": conditions}


def contact(name: str, identifier: str, phone: str | None, source_id: str, inbox_id: int) -> dict[str, Any]:
	"""Leaves out what is empty: a blank identifier collides with the next blank one in Chatwoot's database."""
	body: dict[str, Any] = {"inbox_id": inbox_id, "source_id": source_id, **contact_changes(name, phone)}
	if identifier:
		body["identifier"] = identifier
	return body


def contact_changes(name: str | None, phone: str | None) -> dict[str, str]:
	"""Leaves out what is empty, and a phone that Chatwoot would refuse together with all the rest."""
	body: dict[str, str] = {}
	name = fields.name(fields.printable(name or ""))[:LONGEST_NAME] if name else ""
	if name:
		body["name"] = name
	if phone and _PHONE.match(phone):
		body["phone_number"] = phone
	return body


def avatar(file: OutgoingFile) -> FilePart:
	return ("avatar", (_part_name(file), file.content, part_type(file.mime_type)))


def conversation(
	inbox_id: int, contact_id: int, source_id: str, post: Post | None, *, pending: bool = False
) -> dict[str, Any]:
	"""All three ids: without one Chatwoot makes a new link each time, or looks beyond the account."""
	body: dict[str, Any] = {"inbox_id": inbox_id, "contact_id": contact_id, "source_id": source_id}
	if pending:
		body["status"] = "pending"
	if post is not None:
		body["message"] = message(post)
	return body


def attributes(wanted: Mapping[str, str]) -> dict[str, str]:
	"""Custom attributes of a conversation: one that is too long would be refused together with all the rest."""
	return {key: fields.printable(value)[:LONGEST_ATTRIBUTE] for key, value in wanted.items()}


def message(post: Post) -> dict[str, Any]:
	body: dict[str, Any] = {
		"content": content(post),
		"message_type": "incoming" if _is_incoming(post) else "outgoing",
		"content_attributes": _attributes(post),
	}
	if post.source_id is not None:
		body["source_id"] = post.source_id
	if post.private:
		body["private"] = True
	return body


def message_form(post: Post) -> dict[str, str]:
	"""The same for a multipart body."""
	form = message(post)
	form["content_attributes"] = json.dumps(form["content_attributes"])
	if post.private:
		form["private"] = "true"
	if not form["content"]:
		del form["content"]
	return form


def message_files(files: Sequence[OutgoingFile]) -> list[FilePart]:
	return [("attachments[]", (_part_name(file), file.content, part_type(file.mime_type))) for file in files]


def status(value: Status, error: str | None) -> dict[str, str]:
	body = {"status": _STATUS_WORDS[value]}
	if value is Status.FAILED and error:
		body["external_error"] = fields.printable(error)[:_LONGEST_ERROR]
	return body


def content(post: Post) -> str:
	"""The text as Chatwoot will show it: no longer than it takes, and nothing in it run as a template."""
	text = fields.printable(post.text)
	return _cut(text, LONGEST_TEXT) if _is_incoming(post) else _without_liquid(text)


def _is_incoming(post: Post) -> bool:
	"""A note is never the customer's: as an incoming message it would open the conversation again."""
	return post.incoming and not post.private


def _without_liquid(text: str) -> str:
	"""Chatwoot renders outgoing text as a Liquid template; this comes out of it as `text` went in.

	Text with backticks cannot be wrapped: Chatwoot wraps what is between them itself, and raw blocks do not nest.
	"""
	if "{{" not in text and "{%" not in text:
		return _cut(text, LONGEST_TEXT)
	if "`" not in text and "endraw" not in text:
		return _cut(text, LONGEST_TEXT - len("".join(_RAW))).join(_RAW)
	return _cut(re.sub(r"\{(?=[{%])", "{" + _WORD_JOINER, text), LONGEST_TEXT)


def _cut(text: str, longest: int) -> str:
	return text if len(text) <= longest else text[: longest - len(CUT_MARK)] + CUT_MARK


def part_type(mime_type: str) -> str:
	"""The type to declare. Chatwoot shows a file by exactly this: a type it does not know becomes a plain file."""
	plain, _, parameters = mime_type.partition(";")
	plain = plain.strip().lower()
	if not re.fullmatch(r"[a-z0-9][\w.+-]*/[\w.+-]+", plain, re.ASCII):
		return "application/octet-stream"
	if plain == "application/ogg":
		return "audio/ogg"
	# Pictures and films must match to the letter; of a sound any part will do, and `codecs=opus` tells the player.
	tidy = " ".join(parameters.split())
	if plain.startswith("audio/") and re.fullmatch(r"[\w.=,\"+ -]+", tidy, re.ASCII):
		return f"{plain}; {tidy}"
	return plain


def _attributes(post: Post) -> Mapping[str, Any]:
	"""The time goes in here: as a parameter of its own Chatwoot drops it beside other attributes."""
	attributes: dict[str, Any] = {"external_created_at": int(post.sent_at.timestamp())}
	if post.in_reply_to is not None:
		attributes["in_reply_to"] = post.in_reply_to
	if post.from_phone and not post.incoming and not post.private:
		attributes["external_echo"] = True
	if post.chosen is not None:
		# Where Chatwoot's own widget puts it.
		title, value = (fields.printable(text) for text in post.chosen)
		attributes["submitted_values"] = [{"title": title, "value": value}]
	return attributes


def _part_name(file: OutgoingFile) -> str:
	name = fit_name(fields.printable(file.file_name)) or "file"
	if extension_of(name):
		return name
	extension = extension_by_type(part_type(file.mime_type))
	return f"{name}.{extension}" if extension else name
