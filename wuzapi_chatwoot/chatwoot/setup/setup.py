"""Setting up one account of a Chatwoot: the `ChatwootSetup` port. Reads and changes inboxes, never what is in them.

Somebody sits before it and waits, so what a token or its user may not do is final here. Conversations and messages are
`client.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import requests

from wuzapi_chatwoot.bridge.model.errors import Fault, NotFound, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootUser, Inbox, TokenOwner
from wuzapi_chatwoot.chatwoot.client.calls import Calls, shared_http
from wuzapi_chatwoot.chatwoot.client.failures import NOT_CHATWOOT, Denied, LacksRight
from wuzapi_chatwoot.chatwoot.client.server_time import server_time
from wuzapi_chatwoot.chatwoot.parse import fields
from wuzapi_chatwoot.chatwoot.setup.inbox_answers import inbox_of, owner_of, user_of
from wuzapi_chatwoot.chatwoot.setup.inbox_rules import check_callback, clean_name
from wuzapi_chatwoot.chatwoot.setup.profile import ProfileOfToken

_WINDOW = "agent_reply_time_window"
_NO_SECRETS = "this Chatwoot is older than 4.13.0: its inboxes have no secret, and it signs nothing"
_NOT_KEPT = "Chatwoot took the change of the inbox, but did not keep it; set it in the inbox's settings"


class ChatwootAccount:
	"""Thread-safe and cheap to make. `url` is where people open Chatwoot; `token` is an administrator's."""

	def __init__(
		self, url: str, token: Secret, account_id: int, http: requests.Session | None = None
	) -> None:
		http = http or shared_http()
		self._http = http
		self._url = url
		self._account_id = account_id
		self._profile = ProfileOfToken(url, token, http)
		self._calls = Calls(http, url, token, account_id)

	def user(self) -> ChatwootUser:
		with _denials_are_final():
			profile = self._profile.read()
		owner = owner_of(profile)
		account = next((each for each in owner.accounts if each.id == self._account_id), None)
		if account is None:
			raise Permanent(self._not_in_account(owner))
		if account.suspended:
			raise Permanent(
				f"account {self._account_id} is suspended in Chatwoot; "
				"only who runs that Chatwoot can change it"
			)
		return user_of(profile, account)

	def clock(self) -> datetime | None:
		return server_time(self._http, self._url)

	def inboxes(self) -> list[Inbox]:
		"""Those that the token's user may see: all, for an administrator."""
		with _denials_are_final():
			try:
				answer = self._calls.get("inboxes")
			except NotFound as error:
				raise self._no_account(error) from error
		listed = fields.mapping(answer).get("payload")
		if not isinstance(listed, list):
			raise Retriable(NOT_CHATWOOT)
		found = [inbox_of(entry) for entry in listed]
		return [inbox for inbox in found if inbox is not None]

	def inbox(self, id: int) -> Inbox:
		return self._read(self._show(id))

	def create_inbox(self, name: str, callback: str) -> Inbox:
		"""Raises `Uncertain` if it may have been made: whoever repeats this looks for its callback first."""
		body = {
			"name": clean_name(name),
			"channel": {"type": "api", "webhook_url": check_callback(callback)},
			# The bridge looks for the latest conversation itself, and a session's policy says when a resolved one
			# is opened again and when a new one begins. A locked inbox would answer every wish for a new one with
			# the old: the policies "new" and "age" would do nothing, and nothing would begin as pending.
			"lock_to_single_conversation": False,
			# What these write, the bridge would send to customers.
			"greeting_enabled": False,
			"working_hours_enabled": False,
			"csat_survey_enabled": False,
		}
		with _denials_are_final():
			try:
				answer = self._calls.post("inboxes", body, creates=True)
			except NotFound as error:
				raise self._no_account(error) from error
			except LacksRight as error:
				raise self._no_administrator(error) from error
		made = inbox_of(answer)
		if made is None:
			raise Uncertain("Chatwoot did not name the inbox it made", fault=Fault.UNWELL)
		return made

	def set_callback(self, id: int, callback: str) -> Inbox:
		"""An empty one turns it off. Raises `NotFound`."""
		callback = check_callback(callback)
		inbox = self._api_inbox(self._show(id))
		if inbox.callback == callback:
			return inbox
		changed = self._change(id, {"webhook_url": callback})
		if changed.callback != callback:
			raise Permanent(_NOT_KEPT)
		return changed

	def clear_reply_window(self, id: int) -> Inbox:
		"""Raises `NotFound`."""
		shown = self._show(id)
		inbox = self._api_inbox(shown)
		if inbox.reply_window_hours is None:
			return inbox
		# All of them are replaced at once, so what others keep there goes along. An empty window rather than none,
		# for the sake of offshoots of Chatwoot that add to what is there.
		kept = fields.mapping(shown.get("additional_attributes"))
		changed = self._change(id, {"additional_attributes": {**kept, _WINDOW: None}})
		if changed.reply_window_hours is not None:
			raise Permanent(_NOT_KEPT)
		return changed

	def new_secret(self, id: int) -> Inbox:
		"""Raises `NotFound`. After a lost answer `inbox` tells which secret it is now."""
		with self._of_inbox(id):
			try:
				answer = self._calls.post(f"inboxes/{id}/reset_secret", {}, creates=False)
			except NotFound:
				# The inbox is gone, or of another type, or this Chatwoot does not know the call yet.
				self._api_inbox(self._show(id))
				raise Permanent(_NO_SECRETS) from None
		inbox = self._read(answer)
		if inbox.secret is None:
			raise Permanent(_NO_SECRETS)
		return inbox

	def delete_inbox(self, id: int) -> None:
		"""Chatwoot takes it away a moment after it has said so."""
		try:
			with self._of_inbox(id):
				self._calls.delete(f"inboxes/{id}")
		except NotFound:
			return

	# ---- inside

	def _show(self, id: int) -> Mapping[str, Any]:
		with _denials_are_final():
			try:
				return fields.mapping(self._calls.get(f"inboxes/{id}"))
			except NotFound as error:
				raise self._no_inbox(id, error) from error
			except LacksRight as error:
				raise Permanent(
					f"the Chatwoot token's user may not see inbox {id}: add the user to it, "
					"or take the token of an administrator",
					detail=error.detail,
				) from error

	def _change(self, id: int, channel: Mapping[str, object]) -> Inbox:
		with self._of_inbox(id):
			return self._read(self._calls.patch(f"inboxes/{id}", {"channel": channel}))

	def _read(self, answer: object) -> Inbox:
		inbox = inbox_of(answer)
		if inbox is None:
			raise Retriable(NOT_CHATWOOT)
		return inbox

	def _api_inbox(self, shown: Mapping[str, Any]) -> Inbox:
		inbox = self._read(shown)
		if not inbox.is_api:
			kind = fields.text(shown.get("channel_type")) or ""
			raise Permanent(
				f"inbox {inbox.id} is of the wrong type: it must be an API inbox. "
				"Choose another, or let a new one be made",
				detail=kind,
			)
		return inbox

	@contextmanager
	def _of_inbox(self, id: int) -> Iterator[None]:
		"""Around a change of an inbox."""
		with _denials_are_final():
			try:
				yield
			except NotFound as error:
				raise self._no_inbox(id, error) from error
			except LacksRight as error:
				raise self._no_administrator(error) from error

	def _no_account(self, error: NotFound) -> Permanent:
		return Permanent(
			f"Chatwoot has no account {self._account_id}; check the account's number", detail=error.detail
		)

	def _no_inbox(self, id: int, error: NotFound) -> NotFound:
		return NotFound(f"account {self._account_id} has no inbox {id} (any more)", detail=error.detail)

	def _no_administrator(self, error: LacksRight) -> Permanent:
		return Permanent(
			f"the Chatwoot token's user is no administrator of account {self._account_id}: only an administrator "
			"may make and change inboxes. Take the token of one, or let the user become one",
			detail=error.detail,
		)

	def _not_in_account(self, owner: TokenOwner) -> str:
		known = ", ".join(
			f"{each.id} ({each.name})" if each.name else str(each.id) for each in owner.accounts
		)
		who = owner.name or "the token's user"
		begin = f"{who} is not in account {self._account_id} of this Chatwoot"
		return f"{begin}, but in {known}" if known else f"{begin}, nor in any other"


@contextmanager
def _denials_are_final() -> Iterator[None]:
	"""And what Chatwoot finds wrong with a name, say, is told in its own words."""
	try:
		yield
	except Denied as error:
		raise Permanent(error.reason, detail=error.detail) from error
	except Permanent as error:
		status, _, words = error.detail.partition(" ")
		if type(error) is Permanent and status == "422":
			raise Permanent(f"Chatwoot does not take this: {words}", detail=error.detail) from error
		raise
