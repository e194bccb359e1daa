"""Reads what a message carries beside its text out of a control request. What is not given gets an example."""

from __future__ import annotations

from wuzapi_chatwoot.sandbox.control.inputs import (
	BadControl,
	Json,
	coordinate_of,
	flag_of,
	number_of,
	part_of,
	text_of,
	texts_of,
)
from wuzapi_chatwoot.sandbox.defaults import GROUP_JID
from wuzapi_chatwoot.sandbox.gateway.phones.details import Details
from wuzapi_chatwoot.sandbox.gateway.phones.people import LID_SERVER, PHONE_SERVER, People
from wuzapi_chatwoot.sandbox.gateway.phones.phone import Chat
from wuzapi_chatwoot.sandbox.gateway.posts.manner import Manner

PREVIEW = {"url": "", "title": "Example", "description": "An example page"}
AD = {"title": "Spring offer", "body": "Chat with us", "url": "https://fb.me/fictional"}
EXAMPLE_LINK = "https://example.com/page"


def manner_of(body: Json) -> Manner:
	"""Return how the gateway is to report the message."""
	return Manner(
		with_media=not flag_of(body, "undelivered"),
		without_alt=flag_of(body, "without_alt"),
		device=number_of(body, "device", 0),
		retry_count=number_of(body, "retry_count", 0),
		resent=flag_of(body, "resent"),
		as_child=flag_of(body, "as_child"),
		view_once_delivered=flag_of(body, "delivered"),
	)


def details_of(body: Json, kind: str, text: str, chat: Chat, people: People) -> Details:
	"""Return what the kind needs and what was asked for."""
	details = Details(
		seconds=number_of(body, "seconds", 0),
		animated=flag_of(body, "animated"),
		view_once=flag_of(body, "view_once"),
		ephemeral=flag_of(body, "ephemeral"),
		forwarded=flag_of(body, "forwarded"),
		mentions=_mentions(body, text, chat, people),
		link_preview=part_of(body, "link_preview", PREVIEW),
		ad=part_of(body, "ad", AD),
	)
	if details.link_preview is not None and not details.link_preview["url"]:
		links = (word for word in text.split() if word.startswith(("http://", "https://")))
		details.link_preview["url"] = next(links, EXAMPLE_LINK)
	match kind:
		case "location" | "live_location":
			details.location = _place(body, kind, text)
		case "contact" | "contacts":
			details.contacts = _cards(body, kind, text)
		case "poll":
			options = texts_of(body, "options", ["Monday", "Tuesday"])
			details.poll = {"question": text, "options": options, "votes": {}}
		case "button_answer" | "list_answer" | "template_answer" | "interactive_answer":
			chosen = {"id": text_of(body, "answer_id", "confirm"), "text": text}
			details.answer = {**chosen, "description": text_of(body, "description", "")}
		case "order":
			details.order = {
				"id": text_of(body, "order_id", "FICTIONALORDER01"),
				"title": text_of(body, "title", "Example order"),
				"items": number_of(body, "items", 2),
				"message": text,
				**_money(body, "total", chat.owner.phone_jid),
			}
		case "product":
			details.product = {
				"id": text_of(body, "product_id", "FICTIONALPRODUCT01"),
				"title": text_of(body, "title", "Apple cake"),
				"description": text_of(body, "description", "A cake with apples"),
				**_money(body, "price", chat.owner.phone_jid),
			}
		case "group_invite":
			name = text_of(body, "group_name", "Example group")
			details.invite = {"group": name, "code": "FICTIONALCODE", "jid": GROUP_JID}
	return details


def _money(body: Json, name: str, seller: str) -> Json:
	return {
		name: number_of(body, name, 12_500),
		"currency": text_of(body, "currency", "GBP"),
		"seller": seller,
	}


def _place(body: Json, kind: str, text: str) -> Json:
	live = kind == "live_location"
	return {
		"latitude": coordinate_of(body, "latitude", 51.5033),
		"longitude": coordinate_of(body, "longitude", -0.1196),
		"name": text_of(body, "name", "" if live else text or "Example Wheel"),
		"address": text_of(body, "address", "" if live else "1 Sample Road, London"),
		"live": live,
	}


def vcard_of(name: str, phone: str) -> str:
	"""Write a contact card as phones write it; the number is in digits, without plus."""
	return (
		f"BEGIN:VCARD\nVERSION:3.0\nN:;{name};;;\nFN:{name}\n"
		f"TEL;type=CELL;type=VOICE;waid={phone}:+{phone}\nEND:VCARD"
	)


def _cards(body: Json, kind: str, text: str) -> list[Json]:
	examples: list[Json] = [{"name": text or "Cara Sample", "phone": "447700900789"}]
	if kind == "contacts":
		examples = [
			{"name": "Cara Sample", "phone": "447700900789"},
			{"name": "Dan Sample", "phone": "447700900790"},
		]
	given = body.get("contacts", examples)
	if not isinstance(given, list) or not given or not all(isinstance(each, dict) for each in given):
		raise BadControl("contacts is a list of objects with a name, and a phone or a vcard")
	cards = []
	for each in given:
		name = text_of(each, "name")
		card = text_of(each, "vcard", "") or vcard_of(name, text_of(each, "phone", "447700900789"))
		cards.append({"name": name, "vcard": card})
	return cards


def _mentions(body: Json, text: str, chat: Chat, people: People) -> list[str]:
	found = []
	for who in texts_of(body, "mentions", []):
		if who in (chat.owner.phone, chat.owner.lid, "shop"):
			phone, lid = chat.owner.phone, chat.owner.lid
		else:
			person = people.find(who)
			if person is None:
				raise BadControl(f"nobody is called {who!r}")
			phone, lid = person.phone, person.lid
		by_lid = bool(lid) and (f"@{lid}" in text or (chat.is_group and f"@{phone}" not in text))
		found.append(lid + LID_SERVER if by_lid or not phone else phone + PHONE_SERVER)
	return found
