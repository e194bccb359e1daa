"""Two sessions with one number or one inbox would send every message twice."""

from __future__ import annotations

from collections.abc import Mapping

from wuzapi_chatwoot.bridge.model.records import Session


def duplicate_of(session: Session, others: Mapping[str, Session]) -> tuple[str, str] | None:
	"""Who has what this session needs for itself: the other's name, and the settings that are the same."""
	for name, other in others.items():
		if (session.gateway_url, session.gateway_token) == (other.gateway_url, other.gateway_token):
			return name, "WUZAPI_URL and WUZAPI_USER_TOKEN"
		if (session.chatwoot_url, session.account_id, session.inbox_id) == (
			other.chatwoot_url,
			other.account_id,
			other.inbox_id,
		):
			return name, "Chatwoot inbox"
	return None
