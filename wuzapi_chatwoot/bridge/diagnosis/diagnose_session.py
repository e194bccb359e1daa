"""The doctor: walk the whole path of a session both ways and name the step that is broken. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.diagnosis.diagnose_files import files_come
from wuzapi_chatwoot.bridge.diagnosis.diagnose_webhooks import diagnose_webhooks
from wuzapi_chatwoot.bridge.diagnosis.findings import Finding, HostFacts, Verdict
from wuzapi_chatwoot.bridge.model.errors import BridgeError, NotFound
from wuzapi_chatwoot.bridge.model.events import SessionState
from wuzapi_chatwoot.bridge.model.records import Session, Source
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootSetup, Inbox
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, GatewayStatus, WebhookSettings
from wuzapi_chatwoot.bridge.sessions.callback_text import told_address
from wuzapi_chatwoot.bridge.sessions.own_number import two_numbers
from wuzapi_chatwoot.bridge.sessions.session_troubles import troubles_of
from wuzapi_chatwoot.bridge.sessions.status_messages import words_of
from wuzapi_chatwoot.bridge.text.internal_hosts import host_of, is_inside, is_open
from wuzapi_chatwoot.bridge.text.time_format import Told

# Clocks that differ by more than this make signed webhooks look like repeats of old ones.
_CLOCK_TOLERANCE = timedelta(minutes=2)
# States whose words say why it is not connected, and what to do: during a ban, not to connect.
_SAY_WHY = (SessionState.RECONNECTING, SessionState.LOGGED_OUT, SessionState.BANNED, SessionState.FAILED)


def diagnose_session(
	bridge: Bridge,
	session: Session,
	gateway: GatewaySetup,
	chatwoot: ChatwootSetup,
	webhook: WebhookSettings,
	facts: HostFacts,
) -> list[Finding]:
	"""`webhook`: what the gateway should use."""
	return [
		*facts.findings,
		*_our_address(facts),
		*_encryption(session, facts),
		*_gateway_side(bridge, session, gateway, webhook, facts.told),
		*_chatwoot_side(bridge, session, chatwoot, facts),
		*diagnose_webhooks(facts),
		*_troubles(bridge, session, facts.told),
	]


def _troubles(bridge: Bridge, session: Session, told: Told) -> Iterator[Finding]:
	dead = bridge.store.dead_events(session.name).get(session.name)
	for words in troubles_of(bridge.store.new_chats(session.name), dead, told):
		yield Finding("messages", Verdict.WARNING, words.sentence, words.advice)


def _our_address(facts: HostFacts) -> Iterator[Finding]:
	step = "our address"
	if facts.reached.trouble is not None:
		yield Finding(
			step,
			Verdict.BROKEN,
			f"The address that gateway and Chatwoot post to cannot be reached: {facts.reached.trouble}.",
			"Look at the address in the settings, at DNS, certificate and reverse proxy.",
		)
	elif facts.callback_is_private:
		yield Finding(
			step,
			Verdict.WARNING,
			"The address is on a private network, which Chatwoot 4.14 and newer refuses to post to.",
			"Set SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true for Chatwoot's web and worker, or use a public address.",
		)
	else:
		yield Finding(step, Verdict.OK, "It can be reached from here.")
	for source, fault in facts.reached.changed:
		who = "the gateway" if source is Source.GATEWAY else "Chatwoot"
		yield Finding(
			"reverse proxy",
			Verdict.BROKEN,
			f"What was signed as {who} signs did not come here as it was sent: {fault}.",
			"Let the proxy pass every header, the body and the address as they are.",
		)


def _encryption(session: Session, facts: HostFacts) -> Iterator[Finding]:
	step, well = "encryption", True
	for whose, url in (("the gateway", session.gateway_url), ("Chatwoot", session.chatwoot_url)):
		host = host_of(url)
		if not is_open(url) or is_inside(host) or host in facts.private_hosts:
			continue
		well = False
		yield Finding(
			step,
			Verdict.WARNING,
			f"Tokens and messages travel unencrypted between here and {whose} at {host}.",
			f"Write https:// in front of {whose}'s address, and let it, or a proxy before it, speak TLS.",
		)
	if well:
		yield Finding(step, Verdict.OK, "Nothing leaves the own network unencrypted.")


# ---- the gateway


def _gateway_side(
	bridge: Bridge, session: Session, gateway: GatewaySetup, webhook: WebhookSettings, told: Told
) -> Iterator[Finding]:
	steps = ("gateway", "WhatsApp", "gateway webhook", "gateway media", "gateway signing key")
	try:
		status = gateway.status()
		stored = gateway.stored_webhook()
	except BridgeError as error:
		yield Finding(
			"gateway", Verdict.BROKEN, str(error), "Look at the gateway's address and the session's token."
		)
		yield from (Finding(step, Verdict.SKIPPED) for step in steps[1:])
		return
	yield Finding("gateway", Verdict.OK, "It answers, and knows the session's token.")
	if gateway.is_outdated():
		yield Finding(
			"gateway release",
			Verdict.WARNING,
			"This WuzAPI is older than June 2026: it forgets the list of events at every connect.",
			"The bridge sends the list again each time. Update WuzAPI all the same.",
		)
	yield _whatsapp(bridge, session, status, told)
	yield _webhook(status.webhook, stored, webhook)
	yield _media(status, files_come(bridge, session))
	yield _signing_key(session, status)


def _whatsapp(bridge: Bridge, session: Session, status: GatewayStatus, told: Told) -> Finding:
	if not status.connected:
		known = bridge.store.session_status(session.name)
		if known is not None and known.state in _SAY_WHY:
			words = words_of(known, told)
			return Finding("WhatsApp", Verdict.BROKEN, words.sentence, words.advice)
		return Finding("WhatsApp", Verdict.BROKEN, "The session is not connected.", "Connect it.")
	if not status.logged_in:
		return Finding("WhatsApp", Verdict.BROKEN, "The number is not paired.", "Pair it with the phone.")
	differing = two_numbers(bridge.store.own_addresses(session.name), status.address)
	if differing is not None:
		return Finding(
			"WhatsApp",
			Verdict.WARNING,
			f"The gateway says that its number is {differing[0]}, but the phone that was paired is {differing[1]}.",
			"Restart the gateway. If the two still differ, log the session out and pair it again.",
		)
	return Finding("WhatsApp", Verdict.OK, "Connected and paired.")


def _webhook(used: WebhookSettings, stored: WebhookSettings, wish: WebhookSettings) -> Finding:
	step, fix = "gateway webhook", "Run the set-up again: it posts webhook and events anew."
	if used.url != wish.url:
		where = f"to {told_address(used.url, wish.url)}" if used.url else "nowhere"
		return Finding(step, Verdict.BROKEN, f"The gateway posts {where}, not to us.", fix)
	missing = sorted(wish.events - used.events) if "All" not in used.events else []
	if missing:
		return Finding(step, Verdict.BROKEN, f"The gateway does not tell of {', '.join(missing)}.", fix)
	if stored != used:
		return Finding(
			step, Verdict.WARNING, "A restart of the gateway would bring back other settings.", fix
		)
	return Finding(step, Verdict.OK, "The gateway posts to us.")


def _media(status: GatewayStatus, came: bool | None) -> Finding:
	"""What came is believed before what the gateway has stored: its running process may do something else."""
	step = "gateway media"
	if came or (came is None and status.delivers_media) or (status.delivers_media and status.has_storage):
		return Finding(step, Verdict.OK, "Files come with the webhooks.")
	return Finding(
		step,
		Verdict.WARNING,
		"Files do not come with the webhooks; each is fetched by a call of its own.",
		"Run the set-up again: it switches media delivery on.",
	)


def _signing_key(session: Session, status: GatewayStatus) -> Finding:
	step = "gateway signing key"
	if not session.gateway_secrets:
		if session.webhook_tokens:
			return Finding(
				step, Verdict.WARNING, "Webhooks are proved by the token in the address only.", "Set a key."
			)
		if session.believes_payload_token:
			return Finding(
				step,
				Verdict.WARNING,
				"Webhooks are proved by the token inside them only. Newer releases of WuzAPI send none.",
				"Set a key.",
			)
		return Finding(
			step, Verdict.BROKEN, "Neither a key nor a token is set: every webhook is refused.", "Set a key."
		)
	if not status.has_signing_key:
		return Finding(
			step, Verdict.BROKEN, "The gateway has no key.", "Run the set-up again: it posts the key."
		)
	return Finding(step, Verdict.OK, "A key is set on both sides.")


# ---- Chatwoot


def _chatwoot_side(
	bridge: Bridge, session: Session, chatwoot: ChatwootSetup, facts: HostFacts
) -> Iterator[Finding]:
	steps = (
		"Chatwoot",
		"Chatwoot clock",
		"Chatwoot inbox",
		"Chatwoot callback",
		"Chatwoot signing secret",
		"reply window",
	)
	try:
		user = chatwoot.user()
	except BridgeError as error:
		yield Finding(
			"Chatwoot",
			Verdict.BROKEN,
			str(error),
			"Look at Chatwoot's address, the access token and the account.",
		)
		yield from (Finding(step, Verdict.SKIPPED) for step in steps[1:])
		return
	rights = "an administrator" if user.administrator else "an agent"
	yield Finding(
		"Chatwoot",
		Verdict.OK if user.administrator else Verdict.WARNING,
		f"It answers; the token is {user.name}'s, {rights}.",
		""
		if user.administrator
		else "Take an administrator's token: an agent's opens conversations as its own.",
	)
	yield _clock(bridge, chatwoot)
	try:
		inbox = chatwoot.inbox(session.inbox_id)
	except BridgeError as error:
		gone = isinstance(error, NotFound)
		sentence = f"There is no inbox {session.inbox_id} any more." if gone else str(error)
		yield Finding(
			"Chatwoot inbox", Verdict.BROKEN, sentence, "Run the set-up again: it makes or adopts one."
		)
		yield from (Finding(step, Verdict.SKIPPED) for step in steps[3:])
		return
	yield _inbox(inbox)
	yield _callback(inbox, facts)
	yield _secret(session, inbox)
	yield _reply_window(inbox)


def _clock(bridge: Bridge, chatwoot: ChatwootSetup) -> Finding:
	step = "Chatwoot clock"
	try:
		theirs = chatwoot.clock()
	except BridgeError as error:
		return Finding(step, Verdict.SKIPPED, str(error))
	if theirs is None:
		return Finding(step, Verdict.SKIPPED, "It does not tell the time.")
	apart = abs(bridge.clock.now() - theirs)
	if apart > _CLOCK_TOLERANCE:
		return Finding(
			step,
			Verdict.BROKEN,
			f"Its clock and ours differ by {int(apart.total_seconds())} seconds, so its signatures look too old.",
			"Let both machines take the time from the network (NTP).",
		)
	return Finding(step, Verdict.OK, "Its clock and ours agree.")


def _inbox(inbox: Inbox) -> Finding:
	if not inbox.is_api:
		return Finding(
			"Chatwoot inbox", Verdict.BROKEN, f"{inbox.name} is no API inbox.", "Choose or make an API inbox."
		)
	return Finding("Chatwoot inbox", Verdict.OK, f"{inbox.name} (number {inbox.id}) is an API inbox.")


def _callback(inbox: Inbox, facts: HostFacts) -> Finding:
	step = "Chatwoot callback"
	if inbox.callback == facts.chatwoot_callback:
		return Finding(step, Verdict.OK, "The inbox posts to us.")
	where = f"to {told_address(inbox.callback, facts.chatwoot_callback)}" if inbox.callback else "nowhere"
	return Finding(
		step,
		Verdict.BROKEN,
		f"The inbox posts {where}, not to us.",
		"Run the set-up again, and confirm there that it shall post to us.",
	)


def _secret(session: Session, inbox: Inbox) -> Finding:
	step = "Chatwoot signing secret"
	if inbox.secret is None:
		if session.webhook_tokens:
			return Finding(
				step, Verdict.OK, "This Chatwoot does not sign; the token in the address proves it."
			)
		return Finding(
			step,
			Verdict.BROKEN,
			"No secret can be seen, and no webhook token is set: every webhook is refused.",
			"Take an administrator's token, or set a webhook token.",
		)
	if any(secret.value == inbox.secret.value for secret in session.chatwoot_secrets):
		return Finding(step, Verdict.OK, "We know the secret that Chatwoot signs with.")
	return Finding(
		step,
		Verdict.BROKEN,
		"Chatwoot signs with another secret than ours.",
		"Run the set-up again: it reads the secret.",
	)


def _reply_window(inbox: Inbox) -> Finding:
	hours = inbox.reply_window_hours
	if hours is None:
		return Finding("reply window", Verdict.OK, "Agents can answer at any time.")
	return Finding(
		"reply window",
		Verdict.WARNING,
		f"Agents cannot answer any more after {hours} hours.",
		"Run the set-up again, or clear the reply window in the inbox's settings.",
	)
