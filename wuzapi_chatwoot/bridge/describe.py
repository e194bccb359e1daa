"""What a person reads of a message, for every kind, with WhatsApp's own marks. Never raises.

Of what the other side cannot show as it is, one readable line. Does not know who wrote it, nor to what.
"""

from __future__ import annotations

from . import content as c
from .map_links import link_to
from .vcards import numbers_of


def describe(content: c.Content) -> str:
	"""What a person reads instead of the thing itself. Empty for what shows nothing."""
	match content:
		case c.Text():
			return _text(content)
		case c.Media():
			return _media(content)
		case c.Location():
			return _location(content)
		case c.ContactCards(cards=cards):
			return "\n".join(f"👤 Contact: {_card(card)}" for card in cards) or "👤 Contact"
		case c.Product():
			return _product(content)
		case c.PhoneCall():
			return describe_call(content, "")
		case c.Poll(question=question, options=options):
			return "\n".join([f"📊 Poll: {question}", *(f"• {option}" for option in options)])
		case c.PollVote(options=options, option_hashes=hashes):
			if options:
				return f"📊 Voted: {', '.join(options)}"
			return "📊 Voted in a poll" if hashes else "📊 Took back a vote"
		case c.Choice(text=text, id=id):
			return f"☑️ {text or id or 'Chose an answer'}"
		case c.AlbumStart():
			return ""
		case _:
			return _about_another_message(content)


def _about_another_message(content: c.Content) -> str:
	match content:
		case c.Reaction(emoji=emoji):
			return f"Reacted with {emoji}" if emoji else "Took back a reaction"
		case c.Edit(content=None):
			return "✏️ Edited a message (open it on the phone to read it)"
		case c.Edit(content=c.Text(body=body) | c.Media(caption=str(body))):
			return f"✏️ Edited: {body}"
		case c.Edit(content=edited) if edited is not None:
			return f"✏️ Edited: {describe(edited)}"
		case c.Revoke(by_admin=by_admin):
			return "🗑️ A group administrator deleted a message" if by_admin else "🗑️ Deleted a message"
		case c.GroupInvite(group_name=name, caption=caption):
			return "\n".join(line for line in (f"✉️ Invitation to the group {name}", caption) if line)
		case c.Order(title=title, item_count=count):
			return f"🛒 Order: {title}" + (f" ({count} items)" if count else "")
		case c.Pin(pinned=pinned):
			return "📌 Pinned a message" if pinned else "📌 Unpinned a message"
		case c.Undecryptable(view_once=True):
			return "👁️ A message to be viewed once: open it on the phone"
		case c.Undecryptable():
			return "🔒 A message that could not be decrypted yet: open it on the phone"
		case c.Unknown(kind=c.EMPTY):
			return "📱 A message of a kind not known here: open it on the phone"
		case c.Unknown(kind=kind):
			return f"📱 A message of a kind not shown here ({kind}): open it on the phone"
	return ""


_MEDIA_WORDS = {
	c.MediaKind.IMAGE: "🖼️ Picture",
	c.MediaKind.VIDEO: "🎬 Video",
	c.MediaKind.VIDEO_NOTE: "🎬 Video note",
	c.MediaKind.GIF: "🎬 GIF",
	c.MediaKind.AUDIO: "🎵 Audio",
	c.MediaKind.VOICE: "🎤 Voice message",
	c.MediaKind.DOCUMENT: "📄 Document",
	c.MediaKind.STICKER: "🏷️ Sticker",
}


def _media(media: c.Media) -> str:
	name = f" {media.file_name}" if media.file_name else ""
	return f"{_MEDIA_WORDS[media.kind]}{name}"


def missing_media(media: c.Media, why: str) -> str:
	"""The line in place of a file that could not be brought over, its caption below."""
	return "\n".join(line for line in (f"{_media(media)}: {why}", media.caption) if line)


def readable_size(size: int) -> str:
	"""Bytes as people read them, `3.5 MB`."""
	value = float(size)
	for unit in ("bytes", "kB", "MB"):
		if value < 1000:
			return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
		value /= 1000
	return f"{value:.1f} GB"


def _location(location: c.Location) -> str:
	kind = "📍 Live location" if location.live else "📍 Location"
	title = f"{kind}: {location.name}" if location.name else kind
	return "\n".join(line for line in (title, location.address, location.caption, link_to(location)) if line)


def _card(card: c.ContactCard) -> str:
	numbers = numbers_of(card.vcard)
	return ", ".join([card.name, *numbers]) if card.name else ", ".join(numbers)


def _text(text: c.Text) -> str:
	preview = text.preview
	if preview is None:
		return text.body
	lines = [f"*{preview.title}*" if preview.title else "", preview.description]
	quoted = [f"> {' '.join(line.split())}" for line in lines if line.strip()]
	return "\n".join([text.body, *quoted])


def _product(product: c.Product) -> str:
	title = f"🛍️ Product: {product.title}" if product.title else "🛍️ Product"
	if product.price:
		title += f", {product.price}"
	return "\n".join(line for line in (title, product.description, product.url) if line)


_CALLS = {
	c.CallState.RINGING: "{kind} call{at}; answer it on the phone",
	# What ends a call does not tell of which kind it was.
	c.CallState.MISSED: "missed call{at}",
	c.CallState.REJECTED: "rejected call{at}",
	c.CallState.OVER: "call over{at}",
}


def describe_call(call: c.PhoneCall, at: str) -> str:
	"""`at`: the time of day as people read it, or nothing."""
	line = _CALLS[call.state].format(kind="video" if call.video else "voice", at=f" at {at}" if at else "")
	return f"📞 {line[0].upper()}{line[1:]}"
