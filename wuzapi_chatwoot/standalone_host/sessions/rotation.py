"""Replace a session's signing secrets on both sides. The old ones are believed for an hour: webhooks may be under way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootSetup
from wuzapi_chatwoot.bridge.sessions.setup_values import Step, StepState
from wuzapi_chatwoot.standalone_host.registry.refused import Refused, busy, unknown
from wuzapi_chatwoot.standalone_host.registry.session_registry import NameTaken
from wuzapi_chatwoot.standalone_host.registry.session_store import (
	PastSecret,
	SessionStoreUnusable,
	StoredSession,
)
from wuzapi_chatwoot.standalone_host.sessions.session_draft import new_key
from wuzapi_chatwoot.standalone_host.wiring.host import Host

_OVERLAP = timedelta(hours=1)
_HANDS = 15.0


class SecretRotation:
	def __init__(self, host: Host) -> None:
		self._host = host

	def rotate(self, name: str, *, gateway: bool, chatwoot: bool) -> tuple[Step, ...]:
		"""Raises `Refused`; what fails on a side is in its step, and then its old secret goes on."""
		kept = self._host.sessions.kept(name)
		if kept is None:
			if self._host.sessions.is_fixed(name):
				raise Refused(
					"This session's secrets stand in the environment or SESSIONS_FILE; change them there."
				)
			raise unknown(name)
		if not kept.complete or kept.inbox_id is None:
			raise Refused("This session's set-up has not come to its end; run it again first.")
		with self._host.watcher.hands_on(name, _HANDS) as held:
			if not held:
				raise busy()
			try:
				steps = []
				if gateway:
					steps.append(self._gateway(name))
				if chatwoot:
					with self._host.secret_changes.under_way(name):
						steps.append(self._chatwoot(name))
				return tuple(steps)
			except (NameTaken, SessionStoreUnusable) as error:
				raise Refused(str(error)) from None

	def _gateway(self, name: str) -> Step:
		before, until = self._kept(name), self._until()
		after = replace(
			before,
			signing_key=new_key(),
			past_signing_keys=self._with(before.past_signing_keys, before.signing_key, until),
		)
		# Believed before it is used.
		self._host.sessions.put(after)
		client = self._host.clients.setup.gateway(before.gateway_url, before.gateway_token)
		try:
			client.set_signing_key(after.signing_key)
		except BridgeError as error:
			# Which of the two it uses is not known for sure: it is to be the old one, and both are believed.
			back = replace(
				before, past_signing_keys=self._with(before.past_signing_keys, after.signing_key, until)
			)
			self._host.sessions.put(back)
			self._host.watcher.look_soon(name)
			return Step("gateway signing key", StepState.FAILED, str(error))
		return Step(
			"gateway signing key", StepState.DONE, "replaced; the old one is believed for an hour more"
		)

	def _chatwoot(self, name: str) -> Step:
		before = self._kept(name)
		chatwoot = self._host.clients.setup.chatwoot(
			before.chatwoot_url, before.chatwoot_token, before.account_id
		)
		inbox_id = before.inbox_id or 0
		trouble, secret = "", None
		try:
			secret = chatwoot.new_secret(inbox_id).secret
		except BridgeError as error:
			trouble = str(error)
			secret = _secret_after_all(chatwoot, inbox_id)
		if secret is None or secret == before.chatwoot_secret:
			return Step("Chatwoot signing secret", StepState.FAILED, trouble or "Chatwoot kept the old one")
		past = before.past_chatwoot_secrets
		if before.chatwoot_secret is not None:
			past = self._with(past, before.chatwoot_secret, self._until())
		self._host.sessions.put(replace(before, chatwoot_secret=secret, past_chatwoot_secrets=past))
		# What Chatwoot could not post meanwhile it does not repeat.
		self._host.housekeeping.fetch_soon(name)
		return Step(
			"Chatwoot signing secret", StepState.DONE, "replaced; the old one is believed for an hour more"
		)

	def _kept(self, name: str) -> StoredSession:
		kept = self._host.sessions.kept(name)
		if kept is None:
			raise unknown(name)
		return kept

	def _until(self) -> datetime:
		return self._host.bridge.clock.now() + _OVERLAP

	def _with(self, past: tuple[PastSecret, ...], secret: Secret, until: datetime) -> tuple[PastSecret, ...]:
		now = self._host.bridge.clock.now()
		return (PastSecret(secret, until), *(each for each in past if each.until > now))


def _secret_after_all(chatwoot: ChatwootSetup, inbox_id: int) -> Secret | None:
	"""The answer may have been lost, and the secret replaced all the same."""
	try:
		return chatwoot.inbox(inbox_id).secret
	except BridgeError:
		return None
