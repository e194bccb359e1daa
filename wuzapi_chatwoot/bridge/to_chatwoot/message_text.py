"""What a WhatsApp message says, put into words with all that goes with it: names, marks, the message it answers.

In WhatsApp's own marks; whoever shows it elsewhere translates. Does not know files.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone

from wuzapi_chatwoot.bridge.contacts.referenced_message import ReferencedMessage
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import (
	CalendarEvent,
	Content,
	Media,
	PhoneCall,
	PhoneNumber,
	PollVote,
)
from wuzapi_chatwoot.bridge.model.events import WhatsAppMessage
from wuzapi_chatwoot.bridge.model.phone import display
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.text.describe import describe, describe_call
from wuzapi_chatwoot.bridge.text.describe_business import event_text
from wuzapi_chatwoot.bridge.text.time_format import zone_of


def message_text(
	bridge: Bridge, session: Session, message: WhatsAppMessage, answered: ReferencedMessage
) -> str:
	"""Of a file: its caption. Empty if there is nothing to read."""
	content = _with_options(message.content, answered)
	match content:
		case Media():
			text = content.caption or ""
		case PhoneCall():
			text = describe_call(content, _clock_time(message.sent_at, session.time_zone))
		case CalendarEvent():
			zone = zone_of(session.time_zone) or timezone.utc
			text = event_text(content, lambda at: at.astimezone(zone))
		case PhoneNumber(shared=True):
			phone = _phone_of(message)
			text = f"{describe(content)}: {display(phone)}" if phone else describe(content)
		case _:
			text = describe(content)
	return with_names(text, names_of(bridge, session, message.mentions))


def with_marks(message: WhatsAppMessage, answered: ReferencedMessage, text: str) -> str:
	"""Put above it what the message's envelope says: forwarded, to be viewed once, from an advertisement, an answer."""
	once = isinstance(message.content, Media) and message.content.view_once
	lines = [
		"↪️ _Forwarded_" if message.forwarded else "",
		"👁️ _To be viewed once_" if once else "",
		_ad_line(message),
		_status_line(message),
		f"> {answered.quoted}" if answered.quoted else "",
		text,
	]
	return "\n".join(line for line in lines if line)


def with_names(text: str, names: Mapping[str, str]) -> str:
	"""`@447700900123` → `@Ana Example`."""
	if not names:
		return text
	return re.sub(r"@(\d+)", lambda found: f"@{names.get(found[1], found[1])}", text)


def names_of(bridge: Bridge, session: Session, mentioned: tuple[Address, ...]) -> dict[str, str]:
	"""By the digits that stand for them in the text. The digits of a LID are no number: nobody could use them."""
	names = {}
	own = bridge.store.own_addresses(session.name) if mentioned else ()
	for address in mentioned:
		if address in own:
			names[address.user] = "you"
			continue
		contact = bridge.store.find_contact(session.name, [address])
		known = contact.name if contact is not None else None
		names[address.user] = known or (display(address.phone) if address.phone else "somebody")
	return names


def _ad_line(message: WhatsAppMessage) -> str:
	ad = message.ad
	if ad is None:
		return ""
	title = " ".join((ad.title or ad.body).split())
	return " ".join(part for part in ("📣 _From an advertisement_", title, ad.url) if part)


def _status_line(message: WhatsAppMessage) -> str:
	"""A status is no message of the chat. The customer's answer is to ours, what our phone answers is to theirs."""
	if message.quote is None or not message.quote.of_status:
		return ""
	return f"💬 _Answer to {'their' if message.from_me else 'your'} status_"


def _with_options(content: Content, answered: ReferencedMessage) -> Content:
	"""A vote names its options by digest if the gateway has forgotten the poll; we have not."""
	if not isinstance(content, PollVote) or not content.option_hashes or answered.row is None:
		return content
	by_digest = {_digest(option): option for option in answered.row.options}
	chosen = tuple(by_digest[each] for each in content.option_hashes if each in by_digest)
	return replace(content, options=chosen) if len(chosen) == len(content.option_hashes) else content


def _digest(option: str) -> str:
	return base64.b64encode(hashlib.sha256(option.encode()).digest()).decode()


def _phone_of(message: WhatsAppMessage) -> str | None:
	known = (message.sender, message.sender_alt, message.chat, message.chat_alt)
	return next((address.phone for address in known if address is not None and address.phone), None)


def _clock_time(at: datetime, zone: str) -> str:
	return at.astimezone(zone_of(zone) or timezone.utc).strftime("%H:%M")
