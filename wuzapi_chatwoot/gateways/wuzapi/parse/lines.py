"""Kinds of messages of which people read one line or a few: events, poll results, comments, sticker packs and the like."""

from __future__ import annotations

from datetime import datetime

from wuzapi_chatwoot.bridge.model.content import (
	CalendarEvent,
	ChannelInvite,
	Comment,
	Content,
	Hidden,
	Kept,
	PhoneNumber,
	PollOption,
	PollResult,
	StatusMention,
	StickerPack,
	Undecryptable,
)
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields
from wuzapi_chatwoot.gateways.wuzapi.parse.places import location

_KEEP, _UNDO_KEEP = 1, 2


# ---- events and planned calls


def event(body: Fields) -> Content:
	return CalendarEvent(
		name=body.text("name"),
		starts_at=body.unix_time("startTime"),
		ends_at=body.unix_time("endTime"),
		description=body.text("description"),
		place=location(body.inner("location")),
		link=body.text("joinLink"),
		canceled=body.flag("isCanceled"),
		is_call=body.flag("isScheduleCall"),
	)


def event_invite(body: Fields) -> Content:
	return CalendarEvent(
		name=body.text("eventTitle"),
		starts_at=body.unix_time("startTime"),
		ends_at=body.unix_time("endTime"),
		description=body.text("caption"),
		link=body.text("callLink"),
		canceled=body.flag("isCanceled"),
	)


def planned_call(body: Fields) -> Content:
	return CalendarEvent(name=body.text("title"), starts_at=_milliseconds(body), is_call=True)


def _milliseconds(body: Fields) -> datetime | None:
	milliseconds = body.count("scheduledTimestampMS")
	return Fields({"seconds": milliseconds // 1000}).unix_time("seconds") if milliseconds else None


def planned_call_changed(body: Fields) -> Content:
	"""The only change that there is: it is called off."""
	return CalendarEvent(name="", canceled=True, is_call=True, target_id=_target(body, "key"))


# ---- polls


def poll_result(body: Fields) -> Content | None:
	rows = body.rows("pollVotes")
	votes = [(row.text("optionName"), row.count("optionVoteCount") or 0) for row in rows]
	votes = [vote for vote in votes if vote[0]]
	return PollResult(body.text("name"), tuple(votes)) if votes or body.text("name") else None


def poll_option(body: Fields) -> Content | None:
	option = body.inner("addOption").text("optionName")
	return PollOption(_target(body, "pollCreationMessageKey"), option) if option else None


# ---- comments and answers to questions


def comment(body: Fields) -> Content | None:
	said = body.inner("message")
	text = said.text("conversation") or said.inner("extendedTextMessage").text("text")
	return Comment(_target(body, "targetMessageKey"), text) if text else None


def question_answer(body: Fields) -> Content | None:
	return Comment(_target(body, "key"), body.text("text"), is_answer=True) if body.text("text") else None


def quoted_question(body: Fields) -> Content | None:
	"""An answer to the question in a status, shown to others by the one who asked."""
	target = _target(body, "originalStatusID")
	return Comment(target, body.text("text"), is_answer=True) if body.text("text") else None


# ---- what cannot be decrypted, and to what it belongs


def hidden_vote(body: Fields) -> Content:
	# The vote itself stands beside the message (`pollVote`); without it WuzAPI could not decrypt it.
	return Undecryptable(what=Hidden.VOTE, target_id=_target(body, "pollCreationMessageKey"))


def hidden_reaction(body: Fields) -> Content:
	return Undecryptable(what=Hidden.REACTION, target_id=_target(body, "targetMessageKey"))


def hidden_comment(body: Fields) -> Content:
	return Undecryptable(what=Hidden.COMMENT, target_id=_target(body, "targetMessageKey"))


def hidden_event_answer(body: Fields) -> Content:
	return Undecryptable(what=Hidden.EVENT_ANSWER, target_id=_target(body, "eventCreationMessageKey"))


# ---- the rest


def sticker_pack(body: Fields) -> Content:
	return StickerPack(
		name=body.text("name"),
		publisher=body.text("publisher"),
		stickers=len(body.rows("stickers")),
		caption=body.text("caption"),
	)


def kept(body: Fields) -> Content | None:
	target, kind = _target(body, "key"), body.whole("keepType")
	return Kept(target, kind == _KEEP) if target and kind in (_KEEP, _UNDO_KEEP) else None


def follower_invite(body: Fields) -> Content:
	return ChannelInvite(body.name("newsletterName"), body.text("caption") or None)


def admin_invite(body: Fields) -> Content:
	return ChannelInvite(body.name("newsletterName"), body.text("caption") or None, as_admin=True)


def asks_for_number(body: Fields) -> Content:
	return PhoneNumber(shared=False)


def status_mention(body: Fields) -> Content:
	return StatusMention()


def group_status_mention(body: Fields) -> Content:
	return StatusMention(group=True)


def _target(body: Fields, key: str) -> str:
	return body.inner(key).id("ID")
