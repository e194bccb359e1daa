"""Kinds of messages that are a readable line on the other side, and the parts of what businesses send. Part of `content.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class CallState(str, Enum):
	RINGING = "ringing"
	MISSED = "missed"
	REJECTED = "rejected"
	OVER = "over"


@dataclass(frozen=True, slots=True)
class PhoneCall:
	"""A call as a line of the conversation."""

	state: CallState
	video: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
	target_id: str
	pinned: bool


@dataclass(frozen=True, slots=True)
class Kept:
	"""A disappearing message was kept for everyone in the chat, or no longer (`kept` false)."""

	target_id: str
	kept: bool


class Hidden(str, Enum):
	"""What a message is that cannot be decrypted, as far as its envelope says."""

	MESSAGE = "message"
	VOTE = "vote"
	REACTION = "reaction"
	COMMENT = "comment"
	EVENT_ANSWER = "answer to an event"
	POLL_OPTION = "new poll option"


@dataclass(frozen=True, slots=True)
class Undecryptable:
	"""WhatsApp could not be read here. `view_once`: it can be opened on the phone only."""

	view_once: bool = False
	what: Hidden = Hidden.MESSAGE
	target_id: str = ""
	"""The message that it is about, if its envelope names one."""


class ButtonKind(str, Enum):
	ANSWER = "answer"
	LINK = "link"
	CALL = "call"
	COPY = "copy"
	PAY = "pay"


@dataclass(frozen=True, slots=True)
class Button:
	"""Something to press. `target`: the address, the number, the code or the amount behind it."""

	label: str
	kind: ButtonKind = ButtonKind.ANSWER
	target: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
	title: str
	description: str = ""


@dataclass(frozen=True, slots=True)
class ListSection:
	rows: tuple[ListRow, ...]
	title: str = ""


class PaymentStep(str, Enum):
	REQUESTED = "requested"
	SENT = "sent"
	DECLINED = "declined"
	CANCELED = "canceled"
	INVITED = "invited"
	INVOICE = "invoice"
	REMINDER = "reminder"
	SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Payment:
	"""`amount` as people read it, `12.50 EUR`; empty if the message does not tell it."""

	step: PaymentStep
	amount: str = ""
	note: str = ""
	target_id: str = ""
	"""The request that this answers."""


@dataclass(frozen=True, slots=True)
class PollResult:
	"""The votes of a poll that was shared; `votes`: each option and how many chose it."""

	question: str
	votes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PollOption:
	"""Somebody added an option to a poll."""

	poll_id: str
	option: str


@dataclass(frozen=True, slots=True)
class Comment:
	"""A comment on a post, or (`is_answer`) an answer to a question that somebody asked in a post or a status."""

	target_id: str
	text: str
	is_answer: bool = False


@dataclass(frozen=True, slots=True)
class StickerPack:
	name: str
	publisher: str = ""
	stickers: int = 0
	caption: str = ""


@dataclass(frozen=True, slots=True)
class LottieSticker:
	"""A sticker drawn from commands (Lottie): no file that other programs show. `label`: what it stands for."""

	label: str = ""


@dataclass(frozen=True, slots=True)
class StatusMention:
	"""Somebody mentioned us, or (`group`) the group, in a status."""

	group: bool = False


@dataclass(frozen=True, slots=True)
class PhoneNumber:
	"""Somebody asks for our phone number, or (`shared`) lets us see theirs. The number stands in the addresses."""

	shared: bool


@dataclass(frozen=True, slots=True)
class ChannelInvite:
	"""An invitation to follow a channel, or to administer it."""

	channel_name: str
	caption: str | None = None
	as_admin: bool = False
