"""Whose access token it is, and which accounts they are in: the port `ChatwootProfile`. One call, which changes nothing."""

from __future__ import annotations

from typing import Any

import requests

from wuzapi_chatwoot.bridge.model.errors import NotFound, Retriable
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import TokenOwner
from wuzapi_chatwoot.chatwoot.client.calls import Calls, shared_http
from wuzapi_chatwoot.chatwoot.client.failures import NOT_CHATWOOT
from wuzapi_chatwoot.chatwoot.setup.inbox_answers import is_profile, owner_of


class ProfileOfToken:
	"""Thread-safe and cheap to make. `url` is where people open Chatwoot."""

	def __init__(self, url: str, token: Secret, http: requests.Session | None = None) -> None:
		self._calls = Calls(http or shared_http(), url, token, None)

	def owner(self) -> TokenOwner:
		return owner_of(self.read())

	def read(self) -> Any:
		"""As Chatwoot answers it; it is a profile."""
		try:
			profile = self._calls.get("profile")
		except NotFound as error:
			# Every Chatwoot has profiles: it is something else that answers in JSON here.
			raise Retriable(NOT_CHATWOOT, detail=error.detail) from error
		if not is_profile(profile):
			raise Retriable(NOT_CHATWOOT)
		return profile
