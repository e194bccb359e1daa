"""Calls to Chatwoot's public (client) API, which speaks for the customer. The access token never goes along."""

from __future__ import annotations

import requests

from wuzapi_chatwoot.bridge.model.errors import NotFound
from wuzapi_chatwoot.chatwoot.client.calls import CONNECT_SECONDS, READ_SECONDS
from wuzapi_chatwoot.chatwoot.client.failures import of_answer, of_exception


class PublicCalls:
	"""Below the public address of one Chatwoot. Thread-safe."""

	def __init__(self, http: requests.Session, url: str) -> None:
		self._http = http
		self._base = f"{url}/public/api/v1/"

	def post(self, path: str, body: object) -> None:
		"""To exactly this path, which must be percent-encoded. Raises `NotFound` for a 404 of any kind."""
		try:
			request = self._http.prepare_request(
				requests.Request("POST", self._base, json=body, headers={"Accept": "application/json"})
			)
			# requests would turn `%2E` back into the dot that must not be there.
			request.url = self._base + path
			settings = self._http.merge_environment_settings(request.url, {}, None, None, None)
			answer = self._http.send(
				request, timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False, **settings
			)
		except (requests.RequestException, ValueError) as error:
			# Its own words would name the path, and with it the inbox's identifier.
			raise of_exception(error, creates=False) from None
		if answer.status_code == 404:
			# A path that Chatwoot's routes do not take is told in HTML; it speaks not against Chatwoot as a whole.
			raise NotFound("Chatwoot does not have it (any more)", detail="404")
		failure = of_answer(answer, creates=False)
		if failure is not None:
			raise failure
