"""The commands' way to the running service: its admin API over HTTP. What is wrong becomes a sentence and an exit code."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import requests

_CONNECT, _READ = 5.0, 180.0


class ServiceError(Exception):
	"""`code` is the command's exit code: 1 refused, 2 wrong settings, 3 not running or not ours, 4 not let in."""

	def __init__(self, sentence: str, code: int = 1) -> None:
		super().__init__(sentence)
		self.code = code


class AdminClient:
	def __init__(self, url: str, token: str) -> None:
		self._url = url.rstrip("/")
		self._token = token
		self._http = requests.Session()
		self._http.trust_env = False
		# A kept connection may be closed by the service just as the next call is written into it, and what changes
		# something cannot be said twice.
		self._http.headers["Connection"] = "close"
		# Latin-1, as headers are; another alphabet is a wrong token, and told so by the service.
		self._http.headers["Authorization"] = f"Bearer {token}".encode()

	def for_another_thread(self) -> AdminClient:
		return AdminClient(self._url, self._token)

	def get(self, path: str, **query: object) -> Any:
		return self._call(
			"GET", path, params={key: value for key, value in query.items() if value is not None}
		)

	def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
		return self._call("POST", path, json=body or {})

	def session(self, name: str, act: str = "", body: dict[str, Any] | None = None, **query: object) -> Any:
		"""About one session: GET without a body, POST with one."""
		path = f"/admin/api/sessions/{quote(name, safe='')}" + (f"/{act}" if act else "")
		return self.get(path, **query) if body is None else self.post(path, body)

	def _call(self, method: str, path: str, **more: Any) -> Any:
		try:
			answer = self._http.request(
				method, self._url + path, timeout=(_CONNECT, _READ), allow_redirects=False, **more
			)
		except requests.exceptions.ReadTimeout:
			raise ServiceError(f"The bridge at {self._url} does not answer.", 3) from None
		except requests.RequestException:
			raise ServiceError(
				f"No bridge runs at {self._url}. Start it with 'wuzapi-chatwoot serve', or say --url.", 3
			) from None
		try:
			told = answer.json()
		except ValueError:
			told = None
		if not isinstance(told, dict):
			raise ServiceError(f"What answers at {self._url} is no bridge (status {answer.status_code}).", 3)
		if answer.status_code == 200:
			return told
		sentence = told.get("detail")
		if answer.status_code in (401, 403):
			raise ServiceError("The bridge does not let us in: set ADMIN_TOKEN as the service has it.", 4)
		if not isinstance(sentence, str):
			raise ServiceError(f"The bridge refused this (status {answer.status_code}).")
		raise ServiceError(sentence[:1].upper() + sentence[1:])
