"""What a WhatsApp message says: the gateway's message object turned into a value of `bridge.content`.

Not about who wrote it, where and when. Never raises: a value of the wrong type is as good as absent, a kind we do
not know becomes `Unknown`, and what says nothing becomes `Nothing`.
"""

from __future__ import annotations

from collections.abc import Callable

from ..bridge.content import (
	EMPTY,
	AlbumStart,
	Choice,
	ContactCard,
	ContactCards,
	Content,
	Edit,
	GroupInvite,
	LinkPreview,
	Location,
	Media,
	Pin,
	Poll,
	Product,
	Reaction,
	Revoke,
	Text,
	Undecryptable,
	Unknown,
)
from ..bridge.events import Nothing
from .fields import Fields, load
from .parse_media import MEDIA
from .parse_shop import order, product

# Keys that are no object with content: a plain text, and what says nothing to people.
_NOT_CONTENT = frozenset(
	{
		"conversation",
		"messagecontextinfo",
		"senderkeydistributionmessage",
		"fastratchetkeysenderkeydistributionmessage",
		"stickersyncrmrmessage",
	}
)
# How many wrappers (`associatedChildMessage.message`, `groupMentionedMessage.message`, …) are taken off.
_WRAPPERS = 3
_PIN, _UNPIN = 1, 2
_SECRET_EDIT = 2


def content_of(message: Fields) -> Content | Nothing:
	"""Read a message object. A kind we know wins over one that we do not."""
	kind, body = find_body(message)
	if kind is None:
		# A kind that is newer than the gateway leaves nothing but (perhaps) its context behind. Somebody wrote it.
		left = {key for key in message if key != "messagecontextinfo"}
		return Nothing("message without content") if left else Unknown(EMPTY)
	read = _KINDS.get(kind.lower())
	return (read(body) if read else None) or Unknown(kind)


def find_body(message: Fields, wrappers: int = _WRAPPERS) -> tuple[str | None, Fields]:
	"""The gateway's word for the kind of a message, and its object; without content: no word."""
	if message.text("conversation"):
		return "conversation", message
	keys = [key for key in message if key not in _NOT_CONTENT]
	for key in keys:
		if key in _KINDS and message.is_object(key):
			return message.word(key), message.inner(key)
	for key in keys:
		inside = message.inner(key).inner("message")
		if inside and wrappers:
			return find_body(inside, wrappers - 1)
	return (message.word(keys[0]), message.inner(keys[0])) if keys else (None, Fields(None))


def readable_text(message: Fields) -> str | None:
	"""The text of a quoted message, if it has one."""
	match content_of(message):
		case Text(body=text) | Choice(text=text) | Poll(question=text) | Product(title=text):
			return text or None
		case Media(caption=caption) | Location(caption=caption):
			return caption
		case _:
			return None


def _text(message: Fields) -> Content:
	return Text(message.text("conversation"))


def _extended_text(body: Fields) -> Content | Nothing:
	if not body.text("text"):
		return Nothing("message without content")
	return Text(body.text("text"), _preview(body))


def _preview(body: Fields) -> LinkPreview | None:
	title, description = body.text("title"), body.text("description")
	if not title and not description:
		return None
	return LinkPreview(body.text("matchedText", "canonicalURL"), title, description)


def _location(body: Fields, *, live: bool = False) -> Content | None:
	latitude, longitude = body.real("degreesLatitude"), body.real("degreesLongitude")
	if latitude is None or longitude is None:
		return None
	return Location(
		latitude=latitude,
		longitude=longitude,
		name=body.text("name") or None,
		address=body.text("address") or None,
		caption=body.text("caption", "comment") or None,
		live=live or body.flag("isLive"),
	)


def _live_location(body: Fields) -> Content | None:
	return _location(body, live=True)


def _contact(body: Fields) -> Content:
	return ContactCards((_card(body),))


def _contacts(body: Fields) -> Content | None:
	cards = tuple(_card(row) for row in body.rows("contacts"))
	return ContactCards(cards) if cards else None


def _card(body: Fields) -> ContactCard:
	return ContactCard(name=body.text("displayName"), vcard=body.text("vcard"))


def _poll(body: Fields) -> Content | None:
	options = tuple(row.text("optionName") for row in body.rows("options") if row.text("optionName"))
	if not body.text("name") and not options:
		return None
	return Poll(body.text("name"), options, body.count("selectableOptionsCount") or 0)


def _vote(body: Fields) -> Content:
	# The vote itself stands beside the message (`pollVote`); without it WuzAPI could not decrypt it.
	return Undecryptable()


def _choice(text: str, id: str) -> Content | None:
	return Choice(text or id, id or None) if text or id else None


def _button(body: Fields) -> Content | None:
	text = body.inner("Response").text("SelectedDisplayText") or body.text("selectedDisplayText")
	return _choice(text, body.text("selectedButtonID", "selectedID"))


def _list_row(body: Fields) -> Content | None:
	id = body.inner("singleSelectReply").text("selectedRowID")
	return _choice(body.text("title", "description"), id)


def _interactive_answer(body: Fields) -> Content | None:
	flow = body.inner("InteractiveResponseMessage").inner("NativeFlowResponseMessage")
	flow = flow or body.inner("nativeFlowResponseMessage")
	try:
		chosen = Fields(load(flow.text("paramsJSON")))
	except (ValueError, RecursionError):
		chosen = Fields(None)
	return _choice(body.inner("body").text("text"), chosen.text("id"))


def _reaction(body: Fields) -> Content | None:
	target = body.inner("key").text("ID")
	return Reaction(target, body.text("text")) if target else None


def _protocol(body: Fields) -> Content | Nothing:
	target = body.inner("key").text("ID")
	# Protobuf leaves the value 0 out; other encoders of the same structs write the names.
	kind = body.whole("type") if "type" in body else 0
	match body.text("type") or kind:
		case 0 | "REVOKE" if target:
			return Revoke(target, by_admin=_deleted_by_other(body.inner("key")))
		case 14 | "MESSAGE_EDIT" if target:
			edited = content_of(body.inner("editedMessage"))
			if isinstance(edited, Nothing) or edited == Unknown(EMPTY):
				return Edit(target, None)
			return Edit(target, edited)
		case 3 | "EPHEMERAL_SETTING":
			return Nothing("disappearing messages setting")
		case _:
			return Nothing("protocol message between devices")


def _deleted_by_other(key: Fields) -> bool:
	# The key is written from the deleting person's point of view; only an admin can delete what others wrote.
	return bool(key.text("participant")) and not key.flag("fromMe")


def _secret(body: Fields) -> Content | None:
	target = body.inner("targetMessageKey").text("ID")
	return Edit(target, None) if target and body.whole("secretEncType") == _SECRET_EDIT else None


def _pin(body: Fields) -> Content | None:
	target, action = body.inner("key").text("ID"), body.whole("type")
	return Pin(target, pinned=action == _PIN) if target and action in (_PIN, _UNPIN) else None


def _invite(body: Fields) -> Content:
	return GroupInvite(
		group=body.address("groupJID"),
		group_name=body.text("groupName"),
		code=body.text("inviteCode"),
		caption=body.text("caption") or None,
	)


def _album(body: Fields) -> Content:
	return AlbumStart(body.count("expectedImageCount") or 0, body.count("expectedVideoCount") or 0)


def _business_text(body: Fields) -> Content | None:
	"""What can be read of a message with buttons or lists, as businesses send them."""
	filled = body.inner("hydratedTemplate")
	filled = filled or body.inner("Format").inner("HydratedFourRowTemplate")
	lines = (
		body.text("title") or body.inner("header").text("title") or filled.text("hydratedTitleText"),
		body.text("contentText", "description")
		or body.inner("body").text("text")
		or filled.text("hydratedContentText"),
		body.text("footerText") or body.inner("footer").text("text") or filled.text("hydratedFooterText"),
	)
	text = "\n".join(line for line in lines if line)
	return Text(text) if text else None


# `None` from one of these: known, but without what makes it one of its kind.
_KINDS: dict[str, Callable[[Fields], Content | Nothing | None]] = {
	"conversation": _text,
	**MEDIA,
	"extendedtextmessage": _extended_text,
	"locationmessage": _location,
	"livelocationmessage": _live_location,
	"contactmessage": _contact,
	"contactsarraymessage": _contacts,
	"pollcreationmessage": _poll,
	"pollcreationmessagev2": _poll,
	"pollcreationmessagev3": _poll,
	"pollcreationmessagev5": _poll,
	"pollupdatemessage": _vote,
	"buttonsresponsemessage": _button,
	"templatebuttonreplymessage": _button,
	"listresponsemessage": _list_row,
	"interactiveresponsemessage": _interactive_answer,
	"reactionmessage": _reaction,
	"protocolmessage": _protocol,
	"secretencryptedmessage": _secret,
	"pininchatmessage": _pin,
	"groupinvitemessage": _invite,
	"ordermessage": order,
	"productmessage": product,
	"albummessage": _album,
	"buttonsmessage": _business_text,
	"listmessage": _business_text,
	"interactivemessage": _business_text,
	"templatemessage": _business_text,
}
