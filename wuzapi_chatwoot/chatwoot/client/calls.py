"""One HTTP call to Chatwoot's API and its JSON answer. Knows addresses, header and time-outs, but no single call."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import requests

from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.chatwoot.client.failures import is_timed, of_answer, of_exception
from wuzapi_chatwoot.net.http_pool import CONNECTIONS, PooledHttp
from wuzapi_chatwoot.net.multipart_body import FilePart as FilePart
from wuzapi_chatwoot.net.multipart_body import MultipartBody

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
UPLOAD_SECONDS = 60.0

Query = Mapping[str, str | int]


def new_http(connections: int = CONNECTIONS) -> requests.Session:
	"""A pool of connections that threads may share."""
	return PooledHttp(connections)


@lru_cache(maxsize=1)
def shared_http() -> requests.Session:
	"""The pool of this process, for those that are given none."""
	return new_http()


class Calls:
	"""Calls below one account of one Chatwoot; `None`: what belongs to no account. Thread-safe."""

	def __init__(self, http: requests.Session, url: str, token: Secret, account_id: int | None) -> None:
		self._http = http
		self._timed = False
		account = "" if account_id is None else f"accounts/{account_id}/"
		self._base = f"{url.strip().rstrip('/')}/api/v1/{account}"
		# Dashes, since nginx drops header names with underscores.
		self._headers = {"api-access-token": token.value.strip(), "Accept": "application/json"}

	def get(self, path: str, query: Query | None = None) -> Any:
		return self._call("GET", path, query=query)

	def post(self, path: str, body: object, *, creates: bool, query: Query | None = None) -> Any:
		return self._call("POST", path, query=query, body=body, creates=creates)

	def patch(self, path: str, body: object) -> Any:
		return self._call("PATCH", path, body=body)

	def put(self, path: str, body: object) -> Any:
		return self._call("PUT", path, body=body)

	def put_form(self, path: str, form: Mapping[str, str], files: Sequence[FilePart]) -> Any:
		"""A multipart PUT."""
		return self._call("PUT", path, form=form, files=files)

	def delete(self, path: str) -> Any:
		return self._call("DELETE", path)

	def upload(self, path: str, form: Mapping[str, str], files: Sequence[FilePart]) -> Any:
		"""A multipart POST that creates something."""
		return self._call("POST", path, form=form, files=files, creates=True)

	def _call(
		self,
		method: str,
		path: str,
		*,
		query: Query | None = None,
		body: object = None,
		form: Mapping[str, str] | None = None,
		files: Sequence[FilePart] | None = None,
		creates: bool = False,
	) -> Any:
		# Not the way of `requests`, which has every file in memory three times.
		whole = MultipartBody(form or {}, files) if files else None
		headers = self._headers | ({"Content-Type": whole.content_type} if whole is not None else {})
		try:
			answer = self._http.request(
				method,
				self._base + path,
				params=query,
				json=body,
				data=form if whole is None else whole,
				headers=headers,
				timeout=(CONNECT_SECONDS, UPLOAD_SECONDS if files else READ_SECONDS),
				# A redirected POST would turn into a GET, and the token would go along.
				allow_redirects=False,
			)
		except (requests.RequestException, ValueError) as error:
			raise of_exception(error, creates=creates) from error
		failure = of_answer(answer, creates=creates, timed=self._timed)
		if failure is not None:
			raise failure
		self._timed = self._timed or is_timed(answer)
		return json.loads(answer.content) if answer.content else None
