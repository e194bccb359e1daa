"""Messages: who wrote what, where, when and in answer to what. What it says is `parse_content`'s business.

A message without a usable time stamp gets 1970-01-01T00:00:00Z; the core takes the time of arrival for that.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

from wuzapi_chatwoot.bridge.model.addresses import Address, AddressKind
from wuzapi_chatwoot.bridge.model.content import (
	AdOrigin,
	Content,
	LottieSticker,
	Media,
	MediaKind,
	PollVote,
	Quote,
	Revoke,
	Undecryptable,
)
from wuzapi_chatwoot.bridge.model.events import Nothing, UnknownEvent, WhatsAppMessage
from wuzapi_chatwoot.gateways.wuzapi.parse.business import context_of
from wuzapi_chatwoot.gateways.wuzapi.parse.content import content_of, find_body, readable_text
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields
from wuzapi_chatwoot.gateways.wuzapi.parse.tickets import with_url

NO_TIME = datetime.fromtimestamp(0, timezone.utc)
_ADMIN_REVOKE = "8"
_STATUS = Address("status", "broadcast")


def parse_message(hook: Fields) -> WhatsAppMessage | Nothing | UnknownEvent:
	event = hook.inner("event")
	if event.inner("Info").text("Category") == "peer":
		return Nothing("between the session's own devices")
	message = event.inner("Message")
	content = content_of(message)
	if isinstance(content, Nothing):
		return content
	said = _message(event, _completed(content, hook))
	if not isinstance(said, WhatsAppMessage):
		return said
	context = context_of(find_body(message)[1])
	return replace(
		said,
		quote=_quote(context),
		forwarded=context.flag("isForwarded") or bool(context.count("forwardingScore")),
		mentions=context.addresses("mentionedJID"),
		ad=_ad(context),
	)


def parse_undecryptable(hook: Fields) -> WhatsAppMessage | UnknownEvent:
	event = hook.inner("event")
	view_once = event.flag("IsUnavailable") and event.text("UnavailableType") == "view_once"
	return _message(event, Undecryptable(view_once=view_once), "UndecryptableMessage")


def other_address(source: Fields, chat: Address) -> Address | None:
	"""The chat partner's other address: phone for a LID and the reverse. Groups and channels have none."""
	if chat.kind not in (AddressKind.PHONE, AddressKind.LID):
		return None
	alt = source.address("RecipientAlt" if source.flag("IsFromMe") else "SenderAlt")
	return alt if alt != chat else None


def _message(event: Fields, content: Content, kind: str = "Message") -> WhatsAppMessage | UnknownEvent:
	info = event.inner("Info")
	id, chat = info.id("ID"), info.address("Chat")
	if not id or chat is None:
		return UnknownEvent(kind, is_message=True)
	sender, sender_alt = info.address("Sender") or chat, info.address("SenderAlt")
	chat_alt = other_address(info, chat)
	if chat.kind is AddressKind.BROADCAST and not chat.is_status:
		# To everybody on a list, and to each as a message of its sender. Our own stand in the chat with ourselves.
		chat, chat_alt = sender, sender_alt if sender_alt != sender else None
	return WhatsAppMessage(
		id=id,
		chat=chat,
		sender=sender,
		content=content,
		sent_at=_sent_at(event),
		chat_alt=chat_alt,
		sender_alt=sender_alt,
		from_me=info.flag("IsFromMe"),
		push_name=info.name("PushName"),
		verified_name=info.inner("VerifiedName").inner("Details").name("verifiedName"),
	)


def _sent_at(event: Fields) -> datetime:
	copied = event.inner("SourceWebMsg").unix_time("messageTimestamp")
	return event.inner("Info").time("Timestamp") or copied or NO_TIME


def _completed(content: Content, hook: Fields) -> Content:
	"""Add what WuzAPI tells beside the message object."""
	event = hook.inner("event")
	match content:
		case Media(kind=MediaKind.STICKER) if event.flag("IsLottieSticker"):
			return LottieSticker()
		case Media():
			return _completed_media(content, hook)
		case Revoke(by_admin=False) if event.inner("Info").text("Edit") == _ADMIN_REVOKE:
			return replace(content, by_admin=True)
		case Undecryptable() if hook.is_object("pollVote"):
			return _vote(hook)
		case _:
			return content


def _completed_media(media: Media, hook: Fields) -> Media:
	event = hook.inner("event")
	once = ("IsViewOnce", "IsViewOnceV2", "IsViewOnceV2Extension")
	moving = hook.flag("stickerAnimated")
	url = hook.inner("s3").text("url")
	return replace(
		media,
		animated=media.animated or (media.kind is MediaKind.STICKER and moving),
		view_once=media.view_once or any(event.flag(key) for key in once),
		ticket=with_url(media.ticket, url) if url else media.ticket,
	)


def _vote(hook: Fields) -> Content:
	vote = hook.inner("pollVote")
	poll = find_body(hook.inner("event").inner("Message"))[1].inner("pollCreationMessageKey")
	options, hashes = vote.texts("selectedOptions"), vote.texts("selectedHashesB64")
	return PollVote(
		poll_id=vote.id("pollCreationMsgID") or poll.id("ID"),
		options=options,
		option_hashes=hashes if len(options) < len(hashes) else (),
	)


def _quote(context: Fields) -> Quote | None:
	id = context.id("stanzaID")
	if not id:
		return None
	return Quote(
		id,
		context.address("participant"),
		readable_text(context.inner("quotedMessage")),
		of_status=context.address("remoteJID") == _STATUS,
	)


def _ad(context: Fields) -> AdOrigin | None:
	"""Anybody may dress a link up as `externalAdReply`; only the platform adds where it stood."""
	shown = context.inner("externalAdReply")
	source_id, click_id = shown.text("sourceID"), shown.text("ctwaClid") or context.text("ctwaClid")
	if not (source_id or click_id or shown.text("sourceType") == "ad"):
		return None
	return AdOrigin(
		title=shown.text("title"),
		body=shown.text("body"),
		url=shown.text("sourceURL"),
		source_id=source_id,
		click_id=click_id,
	)
