"""What a person reads of a message, for every kind, with WhatsApp's own marks. Never raises.

Of what the other side cannot show as it is, one readable line. Does not know who wrote it, nor to what.
"""

from __future__ import annotations

from wuzapi_chatwoot.bridge.model import content as c
from wuzapi_chatwoot.bridge.text.describe_business import (
	business_text,
	event_text,
	location_text,
	payment_text,
	product_text,
)
from wuzapi_chatwoot.bridge.text.vcards import numbers_of


def describe(content: c.Content) -> str:
	"""What a person reads instead of the thing itself. Empty for what shows nothing."""
	match content:
		case c.Text():
			return _text(content)
		case c.Media():
			return _media(content)
		case c.Location():
			return location_text(content)
		case c.ContactCards(cards=cards):
			return "\n".join(f"👤 Contact: {_card(card)}" for card in cards) or "👤 Contact"
		case c.Product():
			return product_text(content)
		case c.BusinessMessage():
			return business_text(content)
		case c.CalendarEvent():
			return event_text(content)
		case c.Payment():
			return payment_text(content)
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
			return _line(content) or _about_another_message(content)


def quote_line(content: c.Content) -> str:
	"""What a quote shows of a message: its words, and of what it is if it is no text. Empty if nobody knows."""
	match content:
		case c.Text(body=body) | c.Choice(text=body):
			return body
		case c.Media():
			caption = content.caption or content.file_name
			return f"{_MEDIA_WORDS[content.kind]}: {caption}" if caption else _MEDIA_WORDS[content.kind]
		case c.BusinessMessage():
			words = " ".join(words for words in (content.title, content.body) if words)
			return words or next((quote_line(file) for file in c.files_of(content)), "")
		case c.Unknown() | c.Undecryptable() | c.Reaction() | c.Edit() | c.Revoke() | c.Pin():
			return ""
	return describe(content).partition("\n")[0]


def _line(content: c.Content) -> str:
	match content:
		case c.PollResult(question=question, votes=votes):
			return "\n".join(
				[f"📊 Poll results: {question}", *(f"• {option}: {count}" for option, count in votes)]
			)
		case c.StickerPack():
			return _sticker_pack(content)
		case c.LottieSticker(label=label):
			name = f"🏷️ Animated sticker: {label}" if label else "🏷️ Animated sticker"
			return f"{name} (open it on the phone to see it)"
		case c.StatusMention(group=group):
			whom = "this group" if group else "you"
			return f"📣 Mentioned {whom} in a status (open it on the phone)"
		case c.PhoneNumber(shared=shared):
			return "📱 Shared their phone number" if shared else "📱 Asks for your phone number"
		case c.ChannelInvite(channel_name=name, caption=caption, as_admin=as_admin):
			what = "administer" if as_admin else "follow"
			return "\n".join(line for line in (f"✉️ Invitation to {what} the channel {name}", caption) if line)
	return ""


def _sticker_pack(pack: c.StickerPack) -> str:
	title = f"🏷️ Sticker pack: {pack.name}" if pack.name else "🏷️ Sticker pack"
	if pack.publisher:
		title += f" by {pack.publisher}"
	if pack.stickers:
		title += f" ({_counted(pack.stickers, 'sticker')})"
	return "\n".join(line for line in (title, pack.caption) if line)


def _counted(count: int, thing: str) -> str:
	return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _about_another_message(content: c.Content) -> str:
	match content:
		case c.PollOption(option=option):
			return f"📊 Added an option to a poll: {option}"
		case c.Comment(text=text, is_answer=is_answer):
			return f"💬 Answer: {text}" if is_answer else f"💬 Comment: {text}"
		case c.Kept(kept=kept):
			return "📌 Kept a disappearing message" if kept else "📌 No longer keeps a disappearing message"
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
		case c.Order(title=title, item_count=count, price=price):
			items = f" ({_counted(count, 'item')})" if count else ""
			return f"🛒 Order: {title}{items}" + (f", {price}" if price else "")
		case c.Pin(pinned=pinned):
			return "📌 Pinned a message" if pinned else "📌 Unpinned a message"
		case c.Undecryptable(view_once=True):
			return "👁️ A message to be viewed once: open it on the phone"
		case c.Undecryptable(what=what) if what is not c.Hidden.MESSAGE:
			article = "An" if what is c.Hidden.EVENT_ANSWER else "A"
			return f"🔒 {article} {what.value} that cannot be decrypted here: open it on the phone"
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
