"""What the doctor needs to know of this host. What it makes of it is the bridge's."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, urlsplit

from wuzapi_chatwoot.bridge.diagnosis.diagnose_session import diagnose_session
from wuzapi_chatwoot.bridge.diagnosis.findings import Finding, HostFacts, Reached, Verdict
from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.records import EventState, Session, Source
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, WebhookSettings
from wuzapi_chatwoot.bridge.text.internal_hosts import host_of
from wuzapi_chatwoot.bridge.text.time_format import in_zone
from wuzapi_chatwoot.runtime import webhook_probe
from wuzapi_chatwoot.standalone_host.registry.refused import unknown
from wuzapi_chatwoot.standalone_host.registry.setup_clients import (
	chatwoot_callback,
	gateway_webhook,
	token_of,
	webhook_address,
)
from wuzapi_chatwoot.standalone_host.wiring.host import Host

# A waiting event older than this is a sign of trouble, in seconds.
_TOO_OLD = 300.0
# What a session that people have wired by hand must at least be told of.
_NEEDED_EVENTS = frozenset({"Message", "ReadReceipt", "Connected", "Disconnected", "LoggedOut"})
# For what the set-up would mend, if the session were not wired by hand.
_FIXES_BY_HAND = {
	"gateway webhook": "Post the webhook's address and its events to the gateway again.",
	"gateway media": "Post media_delivery base64 to the gateway, as the operator guide has it.",
	"gateway signing key": "Post the key to the gateway again, the same as in WUZAPI_HMAC_KEY.",
	"Chatwoot inbox": "Set CHATWOOT_INBOX_ID to an API inbox that is there, and restart the bridge.",
	"Chatwoot callback": "Correct the webhook address in the inbox's settings.",
	"Chatwoot signing secret": "Set CHATWOOT_WEBHOOK_SECRET to the inbox's secret, and restart the bridge.",
	"reply window": "Clear the reply window in the inbox's settings.",
	"refused webhooks": "If it was a genuine one, compare the secrets on both sides; a proxy must not change body or headers.",
}

Probe = Callable[[str, Session, datetime], Reached]


def probe(public_url: str, session: Session, now: datetime) -> Reached:
	def address(source: Source, session: Session) -> str:
		return webhook_address(public_url, source, session.name, token_of(session))

	return webhook_probe.probe(session, address, now)


class Doctor:
	def __init__(self, host: Host, probe: Probe = probe) -> None:
		self._host = host
		self._probe = probe

	def examine(self, name: str) -> list[Finding]:
		session = self._host.bridge.sessions().get(name)
		if session is None:
			if self._host.sessions.kept(name) is None:
				raise unknown(name)
			return [*self._of_host(), _unfinished()]
		setup = self._host.clients.setup
		gateway = setup.gateway(session.gateway_url, session.gateway_token)
		chatwoot = setup.chatwoot(session.chatwoot_url, session.chatwoot_token, session.account_id)
		url = self._host.settings.public_url
		webhook = gateway_webhook(url, name, token_of(session))
		callback = chatwoot_callback(url, name, token_of(session))
		if self._host.sessions.is_fixed(name):
			webhook = _as_wired(gateway, webhook, name)
			try:
				used = chatwoot.inbox(session.inbox_id).callback
			except BridgeError:
				used = ""
			callback = used if _leads_here(used, "chatwoot", name) else callback
		arrivals = self._host.arrivals
		facts = HostFacts(
			gateway_callback=webhook.url,
			chatwoot_callback=callback,
			findings=(*self._of_host(), *self._of_session(name)),
			reached=self._probe(url, session, self._host.bridge.clock.now()),
			callback_is_private=self._is_private(url),
			private_hosts=frozenset(
				host_of(each)
				for each in (session.gateway_url, session.chatwoot_url)
				if self._is_private(each)
			),
			last_from_gateway=arrivals.last(name, Source.GATEWAY),
			last_from_chatwoot=arrivals.last(name, Source.CHATWOOT),
			last_refusal=arrivals.last_refusal(name),
			told=in_zone(session.time_zone),
		)
		found = diagnose_session(self._host.bridge, session, gateway, chatwoot, webhook, facts)
		return [_by_hand(each) for each in found] if self._host.sessions.is_fixed(name) else found

	# ---- inside

	def _of_host(self) -> Iterator[Finding]:
		host = self._host
		for step, alive, fix in (
			("workers", host.dispatcher.alive, "Restart the bridge, and look at its log."),
			("housekeeping", host.housekeeping.alive, "Restart the bridge, and look at its log."),
			("watchdog", host.watcher.alive, "Restart the bridge, and look at its log."),
		):
			verdict = Verdict.OK if alive else Verdict.BROKEN
			yield Finding(step, verdict, "At work." if alive else "Has stopped.", "" if alive else fix)
		try:
			host.store.check_writable()
			yield self._queue()
		except BridgeError as error:
			yield Finding("database", Verdict.BROKEN, str(error), "Make room on the disk; look at DATA_DIR.")

	def _queue(self) -> Finding:
		oldest = self._host.store.oldest_waiting()
		age = (self._host.bridge.clock.now() - oldest).total_seconds() if oldest is not None else 0.0
		dead = self._host.store.count_events().get(EventState.DEAD, 0)
		if age > _TOO_OLD:
			return Finding(
				"queue",
				Verdict.WARNING,
				f"The oldest event has waited for {age:.0f} seconds.",
				"Look at /lanes for what holds it up.",
			)
		if dead:
			return Finding(
				"queue",
				Verdict.WARNING,
				f"{dead} {'events were' if dead > 1 else 'event was'} given up, of one session or another.",
				"Look at them: wuzapi-chatwoot events list. Replay what shall be tried again.",
			)
		return Finding("queue", Verdict.OK, "Nothing waits too long.")

	def _of_session(self, name: str) -> Iterator[Finding]:
		kept = self._host.sessions.kept(name)
		if kept is not None and not kept.complete:
			yield _unfinished()
		if self._host.sessions.stopped(name):
			yield Finding(
				"disconnected",
				Verdict.WARNING,
				"Somebody has disconnected this session on purpose.",
				"Connect it.",
			)

	def _is_private(self, url: str) -> bool:
		addresses = _addresses_of(urlsplit(url).hostname or "")
		return any(not ipaddress.ip_address(address.partition("%")[0]).is_global for address in addresses)


def _addresses_of(name: str) -> list[str]:
	try:
		return sorted({str(found[4][0]) for found in socket.getaddrinfo(name, None)})
	except OSError:
		return []


def _unfinished() -> Finding:
	return Finding(
		"set-up",
		Verdict.BROKEN,
		"The set-up of this session has not come to its end.",
		"Run the set-up again: it goes on where it ended.",
	)


def _as_wired(gateway: GatewaySetup, ours: WebhookSettings, name: str) -> WebhookSettings:
	"""What people have chosen by hand is right, as long as it leads to us and tells enough."""
	try:
		used = gateway.status().webhook
	except BridgeError:
		return ours
	return WebhookSettings(used.url if _leads_here(used.url, "wuzapi", name) else ours.url, _NEEDED_EVENTS)


def _by_hand(finding: Finding) -> Finding:
	"""Of a session of the environment: no set-up can be run, so the fix is what people do themselves."""
	fix = _FIXES_BY_HAND.get(finding.step)
	return replace(finding, fix=fix) if fix and "set-up" in finding.fix else finding


def _leads_here(url: str, side: str, name: str) -> bool:
	path = urlsplit(url).path.rstrip("/")
	return path.endswith(
		(f"/webhook/{side}", f"/webhook/{side}/{quote(name, safe='')}", f"/webhook/{side}/{name}")
	)
