"""What a Chatwoot message says: its text, its files, what it offers, in webhooks and REST alike. Total, like `parse.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wuzapi_chatwoot.bridge.model.events import (
	Attachment,
	Offer,
	OfferedCard,
	OfferedField,
	OfferedLink,
	OfferedOption,
)
from wuzapi_chatwoot.chatwoot.parse import fields
from wuzapi_chatwoot.chatwoot.parse.file_names import extension_of, fit_name, name_in_url, tidy_type


def text_of(data: Mapping[str, Any]) -> str:
	"""The content as typed: releases before 4.13 and 4.14.2 leave the editor's line ends in it."""
	content = fields.text(data.get("content")) or ""
	content = re.sub(r"\\(?=\r?\n)", "", content).rstrip("\r\n")
	return content if content.strip() else ""


def attachments_of(data: Mapping[str, Any]) -> tuple[Attachment, ...]:
	entries = fields.sequence(data.get("attachments"))
	return tuple(_attachment(entry) for entry in entries if isinstance(entry, dict))


def _attachment(data: Mapping[str, Any]) -> Attachment:
	"""One without a URL is kept: that it cannot be fetched must show on the message."""
	url = fields.text(data.get("data_url")) or ""
	extension = fields.text(data.get("extension")) or ""
	name = name_in_url(url) or fit_name(f"file.{extension}" if extension else "file")
	return Attachment(
		id=fields.whole(data.get("id")) or 0,
		url=url,
		kind=fields.text(data.get("file_type")) or "file",
		file_name=name,
		mime_type=tidy_type(fields.text(data.get("content_type")), extension_of(name) or extension),
		size=fields.whole(data.get("file_size")),
	)


def is_interactive(data: Mapping[str, Any]) -> bool:
	"""More than a text. Of surveys the address stands in the text; Chatwoot's own kinds of call or e-mail have one, too."""
	return fields.text(data.get("content_type")) not in (None, "text", "input_csat", "incoming_email")


def offer_of(data: Mapping[str, Any]) -> Offer | None:
	"""`None` for a message that is only its text; an empty `Offer` for an interactive one with nothing in it."""
	if not is_interactive(data):
		return None
	rows = [
		fields.mapping(row)
		for row in fields.sequence(fields.mapping(data.get("content_attributes")).get("items"))
	]
	match fields.text(data.get("content_type")):
		case "input_select":
			return Offer(options=_options(rows, "title"))
		case "cards":
			return Offer(cards=tuple(card for row in rows if (card := _card(row)) != OfferedCard("")))
		case "article":
			return Offer(cards=tuple(card for row in rows if (card := _article(row)) != OfferedCard("")))
		case "form":
			return Offer(fields=tuple(field for row in rows if (field := _field(row)).label))
	return Offer()


def _options(
	rows: Sequence[Mapping[str, Any]], title: str, value: str = "value"
) -> tuple[OfferedOption, ...]:
	options = (OfferedOption(_line(row.get(title)), _word(row.get(value))) for row in rows)
	return tuple(option for option in options if option.title)


def _card(row: Mapping[str, Any]) -> OfferedCard:
	actions = [fields.mapping(action) for action in fields.sequence(row.get("actions"))]
	links = [OfferedLink("", fields.text(row.get("media_url")) or "")]
	links += [
		OfferedLink(_line(action.get("text")), fields.text(action.get("uri")) or "")
		for action in actions
		if action.get("type") == "link"
	]
	return OfferedCard(
		title=_line(row.get("title")),
		description=fields.text(row.get("description")) or "",
		links=tuple(link for link in links if link.url),
		options=_options(
			[action for action in actions if action.get("type") == "postback"], "text", "payload"
		),
	)


def _article(row: Mapping[str, Any]) -> OfferedCard:
	link = fields.text(row.get("link")) or ""
	links = (OfferedLink("", link),) if link else ()
	return OfferedCard(_line(row.get("title")), fields.text(row.get("description")) or "", links)


def _field(row: Mapping[str, Any]) -> OfferedField:
	options = _options([fields.mapping(each) for each in fields.sequence(row.get("options"))], "label")
	label = _line(row.get("label")) or _line(row.get("placeholder")) or _line(row.get("name"))
	return OfferedField(label, tuple(option.title for option in options))


def _line(value: object) -> str:
	return " ".join((fields.text(value) or "").split())


def _word(value: object) -> str:
	"""Bots call options by numbers, too."""
	if isinstance(value, (int, float)) and not isinstance(value, bool):
		return str(value)
	return fields.text(value) or ""
