"""Whose access token it is, and which accounts they are in: the port `ChatwootProfile`. One call, which changes nothing."""

from __future__ import annotations

from typing import Any

import requests

from ..bridge.chatwoot_setup_port import TokenOwner
from ..bridge.errors import NotFound, Retriable
from ..bridge.sessions import Secret
from .calls import Calls, shared_http
from .failures import NOT_CHATWOOT
from .inbox_answers import is_profile, owner_of


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
