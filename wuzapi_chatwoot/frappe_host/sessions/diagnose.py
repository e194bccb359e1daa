"""The doctor on a site: what only the host can tell of a session's path, and the whole walk. Changes nothing.

Runs where it is asked for, and not in a job: that no worker lives is one of the things it finds.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import frappe

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.diagnosis.diagnose_session import diagnose_session
from wuzapi_chatwoot.bridge.diagnosis.findings import Finding, HostFacts, Reached, Verdict
from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.records import Session, Source
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.bridge.text.internal_hosts import host_of
from wuzapi_chatwoot.frappe_host.gateways import setup_clients as sides
from wuzapi_chatwoot.frappe_host.i18n.time_format import told_to
from wuzapi_chatwoot.frappe_host.sessions.workers import scheduler_trouble, workers_trouble
from wuzapi_chatwoot.frappe_host.settings import session_of
from wuzapi_chatwoot.frappe_host.store.times import from_site
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site
from wuzapi_chatwoot.runtime import webhook_probe

# Seconds.
_WAITS_TOO_LONG = 300
# A refusal that is older tells of a fault that may be mended.
_LATELY = timedelta(hours=1)


def examine(name: str) -> list[Finding]:
	"""Asks the real thing, also for a session that is switched off."""
	bridge, doc = bridge_of_site(), frappe.get_doc("WuzAPI Session", name)
	session = session_of(doc)
	gateway, chatwoot = sides.gateway_setup_of(session), sides.chatwoot_setup_of(session)
	base = doc.callback_url or sides.site_url()
	webhook, callback = sides.webhook_of(session, base), sides.callback_of(session, Source.CHATWOOT, base)
	if not doc.callback_url:
		# Set up by hand: another name of this site, or no token in the address, is as good.
		webhook = WebhookSettings(
			_or_as_entered(webhook.url, session, lambda: gateway.stored_webhook().url), webhook.events
		)
		callback = _or_as_entered(callback, session, lambda: chatwoot.inbox(session.inbox_id).callback)
	facts = HostFacts(
		gateway_callback=webhook.url,
		chatwoot_callback=callback,
		findings=tuple(_of_this_site(bridge)),
		reached=_probe(session, base, bridge.clock.now()),
		callback_is_private=_is_private(base),
		private_hosts=frozenset(
			host_of(each) for each in (session.gateway_url, session.chatwoot_url) if _is_private(each)
		),
		last_from_gateway=_last_from(name, Source.GATEWAY),
		last_from_chatwoot=_last_from(name, Source.CHATWOOT),
		last_refusal=_last_refusal(bridge, doc),
		told=told_to(),
	)
	return diagnose_session(bridge, session, gateway, chatwoot, webhook, facts)


def _or_as_entered(ours: str, session: Session, ask: Callable[[], str]) -> str:
	"""What is entered there, if it leads to this session here."""
	try:
		entered = ask()
	except BridgeError:
		# The walk finds that by itself.
		return ours
	told, wanted = urlsplit(entered), urlsplit(ours)
	same = told.path == wanted.path and parse_qs(told.query).get("session") == [session.name]
	return entered if same else ours


def _of_this_site(bridge: Bridge) -> list[Finding]:
	waiting = bridge.store.oldest_waiting()
	seconds = int((bridge.clock.now() - waiting).total_seconds()) if waiting else 0
	late = (
		frappe._("The oldest event waits for {0} seconds.").format(seconds)
		if seconds > _WAITS_TOO_LONG
		else None
	)
	return [
		_alive(
			"workers",
			workers_trouble(),
			frappe._("Start the bench's workers, with the queue short."),
			frappe._("A worker takes the site's jobs."),
		),
		_alive(
			"scheduler",
			scheduler_trouble(),
			frappe._(
				"Look whether the bench's scheduler process runs, and is switched on: bench --site SITE enable-scheduler"
			),
			frappe._("It has run this app's jobs lately."),
		),
		_alive(
			"waiting events",
			late,
			frappe._("Look at WuzAPI Event for what they wait for."),
			frappe._("None waits for long."),
		),
	]


def _alive(step: str, trouble: str | None, fix: str, well: str) -> Finding:
	return Finding(step, Verdict.BROKEN, trouble, fix) if trouble else Finding(step, Verdict.OK, well)


def _probe(session: Session, base: str, now: datetime) -> Reached:
	"""Through whatever stands before this site."""
	return webhook_probe.probe(session, lambda source, session: sides.callback_of(session, source, base), now)


def _is_private(base: str) -> bool:
	try:
		found = socket.getaddrinfo(urlsplit(base).hostname or "", None)
	except OSError:
		return False
	return any(not ipaddress.ip_address(each[4][0].partition("%")[0]).is_global for each in found)


def _last_from(name: str, source: Source) -> datetime | None:
	rows = frappe.get_all(
		"WuzAPI Event",
		filters={"session": name, "source": source.value},
		pluck="received_at",
		order_by="name desc",
		limit=1,
	)
	return from_site(rows[0]) if rows else None


def _last_refusal(bridge: Bridge, doc: Any) -> str | None:
	if not doc.last_refusal or bridge.clock.now() - from_site(doc.last_refusal_at) > _LATELY:
		return None
	return str(doc.last_refusal)
