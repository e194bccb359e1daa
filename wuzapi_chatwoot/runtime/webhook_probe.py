"""Tries our own address as gateway and Chatwoot use it: posts the doctor's probe there, signed as theirs are.

So it finds whatever lies between: TLS, an address that leads elsewhere, a proxy that drops headers or changes bodies.
How a host's addresses look is the host's; what its answer to a probe is, `receive_webhook` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import requests

from wuzapi_chatwoot.bridge.diagnosis.findings import Reached
from wuzapi_chatwoot.bridge.inbox.webhook_probe import BODY, CHANGED, MARK, WHOLE
from wuzapi_chatwoot.bridge.model.records import Session, Source
from wuzapi_chatwoot.chatwoot.webhook.signature import signed_headers as signed_by_chatwoot
from wuzapi_chatwoot.gateways.wuzapi.webhook.signature import signed_headers as signed_by_gateway
from wuzapi_chatwoot.net.http_pool import PooledHttp

# Seconds.
_PATIENCE = 8.0
_REFUSED = 401

Address = Callable[[Source, Session], str]
"""Ours for the webhooks of one side, with the session's token if it has one."""


def probe(session: Session, address: Address, now: datetime) -> Reached:
	"""What is found for one side, is not looked for at the other if nothing comes through."""
	changed = []
	for source in Source.GATEWAY, Source.CHATWOOT:
		with PooledHttp(connections=1) as http:
			try:
				fault = _fault(http, source, session, address, now)
			except _NotReached as trouble:
				return Reached(trouble=str(trouble))
		if fault is not None:
			changed.append((source, fault))
	return Reached(changed=tuple(changed))


class _NotReached(Exception):
	"""Why."""


def _fault(http: PooledHttp, source: Source, session: Session, address: Address, now: datetime) -> str | None:
	"""What has become of a probe on its way; `None`: it came whole."""
	signature = _signed(source, session, now)
	if signature:
		# The token would do as proof without a signature, and one that was dropped would not be missed.
		session = replace(session, webhook_tokens=())
	status, words = _post(http, _marked(address(source, session)), signature)
	if words == WHOLE:
		return None
	if words == CHANGED:
		return "its body was changed"
	if status != _REFUSED:
		raise _NotReached(f"it answers with status {status}" + (f", {words}" if words else ""))
	if words == "wrong signature":
		return "its body, or a header that is signed with it, was changed or dropped"
	if signature:
		return "its signature was dropped"
	return "the token in its address was dropped" if session.webhook_tokens else None


def _signed(source: Source, session: Session, now: datetime) -> dict[str, str]:
	match source:
		case Source.CHATWOOT if session.chatwoot_secrets:
			return signed_by_chatwoot(BODY, session.chatwoot_secrets[0], now)
		case Source.GATEWAY if session.gateway_secrets:
			return signed_by_gateway(BODY, session.gateway_secrets[0])
	return {}


def _marked(url: str) -> str:
	return f"{url}{'&' if urlsplit(url).query else '?'}{MARK}=1"


def _post(http: PooledHttp, url: str, signature: dict[str, str]) -> tuple[int, str]:
	"""Status and words of the answer; the words are empty if a bridge would not answer so."""
	headers = {"Content-Type": "application/json", **signature}
	try:
		answer = http.post(url, data=BODY, headers=headers, timeout=_PATIENCE, allow_redirects=False)
	except requests.exceptions.SSLError:
		raise _NotReached("its TLS certificate cannot be trusted") from None
	except requests.RequestException as error:
		raise _NotReached(f"no connection ({type(error).__name__})") from None
	try:
		found = answer.json()
	except ValueError:
		return answer.status_code, ""
	# Frappe wraps what a method returns.
	inner = found.get("message", found) if isinstance(found, dict) else {}
	words = inner.get("status") if isinstance(inner, dict) else None
	return answer.status_code, words if isinstance(words, str) else ""
