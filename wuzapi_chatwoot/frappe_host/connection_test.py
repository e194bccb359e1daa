"""Tries both sides of a session, step by step, and names the step that is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import frappe

from ..bridge.errors import BridgeError
from ..bridge.records import Session
from ..chatwoot.client import ChatwootInbox
from ..chatwoot.failures import Denied
from ..wuzapi.client import WuzapiGateway
from .settings import session_of
from .workers import scheduler_trouble, workers_trouble

GATEWAY_STEPS = ("gateway address", "gateway token", "connected on the gateway")
CHATWOOT_STEPS = ("Chatwoot address", "Chatwoot token", "Chatwoot inbox")


@dataclass(frozen=True, slots=True)
class Step:
	"""`detail` is for people: what is wrong, or what was found."""

	step: str
	ok: bool
	detail: str = ""

	def as_json(self) -> dict[str, Any]:
		return asdict(self)


def steps_of(doc: Any) -> list[Step]:
	"""Asks the real thing: what a breaker thinks is no answer. Works for a session that is switched off, too."""
	session = session_of(doc)
	return [
		*_side(GATEWAY_STEPS, lambda: WuzapiGateway(session).check(), _broken_gateway_step),
		*_side(CHATWOOT_STEPS, lambda: ChatwootInbox(session).check(), _broken_chatwoot_step),
		_proof(session),
		_alive("workers", workers_trouble()),
		_alive("scheduler", scheduler_trouble()),
	]


def _side(
	steps: tuple[str, ...], check: Callable[[], None], broken_step: Callable[[BridgeError], int]
) -> list[Step]:
	try:
		check()
	except BridgeError as error:
		broken = broken_step(error)
		return [*(Step(step, True) for step in steps[:broken]), Step(steps[broken], False, str(error))]
	return [Step(step, True) for step in steps]


def _broken_gateway_step(error: BridgeError) -> int:
	if "token" in error.reason and error.detail.startswith(("HTTP 401", "HTTP 403", "HTTP 407")):
		return 1
	return 2 if "WhatsApp" in error.reason else 0


def _broken_chatwoot_step(error: BridgeError) -> int:
	if isinstance(error.__cause__, Denied):
		return 1
	return 2 if "inbox" in error.reason else 0


def _proof(session: Session) -> Step:
	"""Webhooks of a side that has neither a signing secret nor a token are refused."""
	sides = {
		frappe._("the gateway"): session.gateway_secrets,
		frappe._("Chatwoot"): session.chatwoot_secrets,
	}
	bare = [] if session.webhook_tokens else [side for side, secrets in sides.items() if not secrets]
	if not bare:
		return Step("webhook secrets", True)
	detail = frappe._("No secret and no webhook token is set for {0}: its webhooks are refused")
	return Step("webhook secrets", False, detail.format(", ".join(bare)))


def _alive(step: str, trouble: str | None) -> Step:
	return Step(step, trouble is None, trouble or "")
