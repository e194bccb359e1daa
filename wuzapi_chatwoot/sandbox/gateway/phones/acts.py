"""What people do to messages that are there: react, edit, delete, pin, vote. Each becomes the webhook it causes."""

from __future__ import annotations

import hashlib
import time
from base64 import b64encode
from typing import Any

from wuzapi_chatwoot.sandbox.gateway.phones.life import Life
from wuzapi_chatwoot.sandbox.gateway.phones.people import Person
from wuzapi_chatwoot.sandbox.gateway.phones.phone import Chat, PhoneMessage, new_message_id, pseudo_bytes
from wuzapi_chatwoot.sandbox.gateway.posts import payloads
from wuzapi_chatwoot.sandbox.gateway.posts.addressing import key_of, origin
from wuzapi_chatwoot.sandbox.gateway.posts.contents import quotable
from wuzapi_chatwoot.sandbox.gateway.posts.manner import USUAL, Manner

Json = dict[str, Any]


class Acts:
	"""Acts of the customers and of the shop's owner (None) on messages; each returns the id of the act."""

	def __init__(self, life: Life) -> None:
		self._life = life

	def reacts(
		self, chat: Chat, person: Person | None, target: PhoneMessage, emoji: str, manner: Manner = USUAL
	) -> str:
		"""Put a reaction on a message; an empty emoji takes it away."""
		by = person.name if person else self._life.phone.owner.name
		if emoji:
			target.reactions[by] = emoji
		else:
			target.reactions.pop(by, None)
		key = key_of(chat, target, person, target.is_by(person))
		content = {"reactionMessage": {"key": key, "text": emoji, "senderTimestampMS": _now_ms()}}
		special = {"Type": "reaction"} if emoji else {"Type": "reaction", "Edit": "7"}
		return self._post(chat, person, content, special, manner)

	def edits(
		self,
		chat: Chat,
		person: Person | None,
		target: PhoneMessage,
		text: str,
		manner: Manner = USUAL,
		sealing: str = "",
	) -> str:
		"""Change the words of an own message.

		`sealing` is "open" for the newer encrypted form of an edit that the gateway could read, "sealed" for
		one that it could not.
		"""
		target.earlier_texts.append(target.text)
		target.text, target.edited = text, True
		key = key_of(chat, target, person, True)
		changed = quotable(target) if target.file else {"conversation": text}
		edit: Json = {
			"protocolMessage": {"key": key, "type": 14, "editedMessage": changed, "timestampMS": _now_ms()}
		}
		if not sealing:
			return self._post(chat, person, edit, {"Edit": "1"}, manner, wrapper=payloads.EDITED)
		secret: Json = {
			"secretEncryptedMessage": {
				"targetMessageKey": key,
				"encPayload": pseudo_bytes(target.id + text, 32),
				"encIV": pseudo_bytes(target.id + text + "iv", 12),
				"secretEncType": 2,
			}
		}
		return self._post(
			chat, person, edit if sealing == "open" else secret, {"Edit": "1"}, manner, received=secret
		)

	def deletes(
		self,
		chat: Chat,
		person: Person | None,
		target: PhoneMessage,
		manner: Manner = USUAL,
		*,
		admin: bool = False,
	) -> str:
		"""Delete an own message for everyone, or as an admin of the group somebody else's."""
		target.deleted = True
		if admin:
			target.deleted_by = person.name if person else self._life.phone.owner.name
		key = key_of(chat, target, person, not admin)
		content: Json = {"protocolMessage": {"key": key, "type": 0}}
		return self._post(chat, person, content, {"Edit": "8" if admin else "7"}, manner)

	def pins(
		self, chat: Chat, person: Person | None, target: PhoneMessage, manner: Manner = USUAL, *, on: bool
	) -> str:
		"""Pin a message to the top of the chat, or take it down."""
		target.pinned = on
		key = key_of(chat, target, person, target.is_by(person))
		pin = {"key": key, "type": 1 if on else 2, "senderTimestampMS": _now_ms()}
		return self._post(chat, person, {"pinInChatMessage": pin}, {"Edit": "2"}, manner)

	def votes(
		self,
		chat: Chat,
		person: Person | None,
		target: PhoneMessage,
		options: list[str],
		manner: Manner = USUAL,
		*,
		hashes_only: bool = False,
	) -> str:
		"""Vote in a poll; no option takes the vote back.

		The gateway knows the texts of the polls that it has sent itself, and only until it is started again.
		"""
		poll = target.details.poll or {"votes": {}}
		who = person.name if person else self._life.phone.owner.name
		if options:
			poll["votes"][who] = list(options)
		else:
			poll["votes"].pop(who, None)
		key = key_of(chat, target, person, target.is_by(person))
		sealed = {
			"encPayload": pseudo_bytes(target.id + who, 32),
			"encIV": pseudo_bytes(target.id + who + "iv", 12),
		}
		update = {"pollCreationMessageKey": key, "vote": sealed, "senderTimestampMS": _now_ms()}
		known = target.via == "api" and not hashes_only
		vote = {
			"pollCreationMsgID": target.id,
			"selectedOptions": list(options) if known else [],
			"selectedHashesB64": [_hash_of(option) for option in options],
		}
		return self._post(
			chat, person, {"pollUpdateMessage": update}, {"Type": "poll"}, manner, beside={"pollVote": vote}
		)

	def sets_ephemeral(self, chat: Chat, person: Person | None, seconds: int, manner: Manner = USUAL) -> str:
		"""Let messages of the chat disappear after so many seconds from now on; 0 lets them stay."""
		nothing = PhoneMessage("", chat.jid, True, "", "", "", 0, "", 0.0)
		setting = {
			"key": key_of(chat, nothing, person, True),
			"type": 3,
			"ephemeralExpiration": seconds,
			"ephemeralSettingTimestamp": int(time.time()),
		}
		return self._post(chat, person, {"protocolMessage": setting}, {}, manner, bare=True)

	def _post(
		self,
		chat: Chat,
		person: Person | None,
		content: Json,
		special: dict[str, str],
		manner: Manner,
		*,
		wrapper: str = "",
		received: Json | None = None,
		beside: Json | None = None,
		bare: bool = False,
	) -> str:
		timestamp = self._life.phone.next_second(chat)
		act_id = new_message_id()
		inner = payloads.context_info(act_id, timestamp)
		if not bare:
			content["messageContextInfo"] = inner
		where = origin(chat, person, device=manner.device, without_alt=manner.without_alt)
		about = payloads.info(
			where,
			act_id,
			person.name if person else self._life.phone.owner.name,
			timestamp,
			verified_name=person.verified_name if person else "",
			**special,
		)
		raw = {**received, "messageContextInfo": inner} if received else None
		payload = payloads.message_event(about, content, wrappers=(wrapper,) if wrapper else (), raw=raw)
		self._life.emit({**payload, **(beside or {})})
		self._life.changed()
		return act_id


def _now_ms() -> int:
	return int(time.time() * 1000)


def _hash_of(option: str) -> str:
	return b64encode(hashlib.sha256(option.encode()).digest()).decode()
