"""Judge a webhook by its address and headers alone, before a byte of its body is read."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.model.records import Secret, Session, Source
from wuzapi_chatwoot.bridge.ports.connector import Connector, WebhookRequest

LARGEST_FROM_CHATWOOT = 8 * 1024 * 1024
"""Bytes. Its webhooks carry texts and addresses of files, never files."""
LARGEST_UNPROVED_FORM = 1024 * 1024
"""Bytes of a multipart body without the right token: its signature can be checked only after taking it apart."""


REFUSED, KEPT = 401, 202
"""Not believed: for good, or until the gateway confirms it. What is kept needs no repeat, which would be unsigned again."""


class Claim(Enum):
	"""Why a request may be believed, as far as its head tells."""

	ADDRESS = "address"
	"""The token in its address is right, and this sender does not sign."""
	SIGNATURE = "signature"
	"""It bears a signature. Whether that is right, the body tells."""
	PAYLOAD = "payload"
	"""Nothing else is set for this session, and this sender has never signed: the token inside the payload must be right."""
	UNSIGNED = "unsigned"
	"""The token is right, but this sender signs: only its gateway can confirm what it tells."""


@dataclass(frozen=True, slots=True)
class Answer:
	"""What the sender gets. `reason` is one sentence; it says nothing a stranger could use."""

	status: int
	reason: str
	trace_id: str | None = None
	session: str | None = None


@dataclass(frozen=True, slots=True)
class Admission:
	"""The body may be read."""

	session: Session
	claim: Claim
	token_right: bool
	"""The sender knows the token, if there is one: not just anybody."""
	largest: int | None = None
	"""Bytes of the body; `None`: as many as the host allows."""


def admit_webhook(bridge: Bridge, source: Source, head: WebhookRequest) -> Admission | Answer:
	"""Looks at everything but the body, which may be missing. An `Answer` is a refusal."""
	session = find_session(bridge, head)
	if session is None:
		return Answer(404, "unknown session")
	try:
		claim = _claim(bridge, bridge.connectors[source], session, head)
	except StoreUnavailable as error:
		return Answer(500, f"not stored: {error.reason}", session=session.name)
	if isinstance(claim, str):
		return Answer(REFUSED, claim, session=session.name)
	token_right = token_matches(session.webhook_tokens, head.query.get("token"))
	largest = LARGEST_FROM_CHATWOOT if source is Source.CHATWOOT else None
	if not token_right and head.headers.get("content-type", "").strip().lower().startswith("multipart/"):
		largest = LARGEST_UNPROVED_FORM
	return Admission(session, claim, token_right, largest)


def find_session(bridge: Bridge, request: WebhookRequest) -> Session | None:
	sessions = bridge.sessions()
	name = request.session or request.query.get("session")
	if name:
		return sessions.get(name)
	return next(iter(sessions.values())) if len(sessions) == 1 else None


def _claim(bridge: Bridge, connector: Connector, session: Session, head: WebhookRequest) -> Claim | str:
	"""Why this request may be believed, or a sentence why it is not.

	A signature, when there is one, must be right. Without one the token in the address must be, and the sender must not
	have signed before: who knows the address alone, from a log, is not believed then.
	"""
	source = connector.source
	secrets = session.gateway_secrets if source is Source.GATEWAY else session.chatwoot_secrets
	if not secrets and not session.webhook_tokens:
		if source is Source.GATEWAY and session.believes_payload_token:
			return UNSIGNED_NOW if _must_sign(bridge, session, source) else Claim.PAYLOAD
		return "no signing secret and no webhook token is set, so nothing can be believed"
	if secrets and connector.signed(head):
		return Claim.SIGNATURE
	if not session.webhook_tokens:
		return "not signed"
	if not token_matches(session.webhook_tokens, head.query.get("token")):
		return "wrong token"
	if not secrets or not _must_sign(bridge, session, source):
		return Claim.ADDRESS
	return Claim.UNSIGNED if source is Source.GATEWAY else UNSIGNED_NOW


UNSIGNED_NOW = "not signed, though this sender signs; its token alone does not count any more"


def _must_sign(bridge: Bridge, session: Session, source: Source) -> bool:
	return session.require_signatures or bridge.store.signing(session.name).since(source) is not None


def token_matches(tokens: Sequence[Secret], given: str | None) -> bool:
	# Every token is compared, so that the time taken does not tell which one was nearly right.
	matches = [hmac.compare_digest(token.value.encode(), (given or "").encode()) for token in tokens]
	return any(matches)
