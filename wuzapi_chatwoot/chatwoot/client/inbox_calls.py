"""What all calls on one session's inbox share: which Chatwoot, which account, which inbox. Calls nothing itself."""

from __future__ import annotations

import requests

from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.chatwoot.client.calls import Calls


class InboxCalls:
	"""Base of the calls of each kind."""

	def __init__(self, session: Session, http: requests.Session) -> None:
		self._url = session.chatwoot_url.strip().rstrip("/")
		self._account_id = session.account_id
		self._inbox_id = session.inbox_id
		self._calls = Calls(http, self._url, session.chatwoot_token, session.account_id)
