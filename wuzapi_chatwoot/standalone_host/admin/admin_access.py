"""Who may use the admin page and its API: whoever has the ADMIN_TOKEN, in a header or behind a login's cookie."""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
import threading
import time
from collections.abc import Callable

from fastapi import HTTPException, Request, Response

from wuzapi_chatwoot.bridge.model.records import Secret

COOKIE = "wuzapi_chatwoot_admin"
_LASTS = 12 * 3600
_MOST = 1000
# Mistakes of people; then 1 s, 2 s, 4 s, …
_FREE_GUESSES = 5
_LONGEST_PAUSE = 30.0


class AdminAccess:
	"""Logins live in memory: a restart ends them. The cookie is no token, and is sent to /admin alone.

	Each wrong token makes all guesses wait, longer and longer: who knows the token waits half a minute at most, and a login that is there goes on.
	"""

	def __init__(
		self,
		token: Secret,
		*,
		secure: bool,
		now: Callable[[], float] = time.monotonic,
		refused: Callable[[], None] = lambda: None,
	) -> None:
		"""`secure`: the page is reached by TLS alone. `refused` is called for each wrong token, for log and count."""
		self._token = token
		self._secure = secure
		self._now = now
		self._logins: dict[bytes, float] = {}
		self._changing = threading.Lock()
		self._refused = refused
		self._wrong = 0
		self._closed_until = 0.0

	def need_header(self, authorization: str) -> None:
		self._switched_on()
		kind, _, given = authorization.partition(" ")
		if kind.lower() != "bearer" or not self._right(given):
			raise HTTPException(
				401, "Authorization: Bearer <ADMIN_TOKEN> is needed", {"WWW-Authenticate": "Bearer"}
			)

	def has_header(self, authorization: str) -> bool:
		"""Raises only for a token that is given and wrong."""
		if not self._token or not authorization:
			return False
		self.need_header(authorization)
		return True

	def need(self, request: Request) -> None:
		"""By header or cookie. What changes something must be JSON, which no form of a strange site can send."""
		self._switched_on()
		if request.headers.get("authorization"):
			self.need_header(request.headers["authorization"])
		elif not self._logged_in(request):
			raise HTTPException(401, "Log in with the ADMIN_TOKEN.")
		if request.method not in ("GET", "HEAD"):
			need_json(request)

	def log_in(self, given: str, response: Response) -> None:
		self._switched_on()
		if not self._right(given):
			raise HTTPException(401, "This is not the ADMIN_TOKEN.")
		value = secrets.token_urlsafe(32)
		with self._changing:
			now = self._now()
			alive = sorted(((end, login) for login, end in self._logins.items() if end > now), reverse=True)
			self._logins = {login: end for end, login in alive[: _MOST - 1]}
			self._logins[_digest(value)] = now + _LASTS
		response.set_cookie(
			COOKIE,
			value,
			max_age=_LASTS,
			path="/admin",
			httponly=True,
			samesite="strict",
			secure=self._secure,
		)

	def log_out(self, request: Request, response: Response) -> None:
		with self._changing:
			self._logins.pop(_digest(request.cookies.get(COOKIE, "")), None)
		response.delete_cookie(COOKIE, path="/admin")

	def _switched_on(self) -> None:
		if not self._token:
			raise HTTPException(403, "ADMIN_TOKEN is not set, so this is switched off")

	def _right(self, given: str) -> bool:
		with self._changing:
			wait = self._closed_until - self._now()
			if wait > 0:
				raise HTTPException(
					429,
					"Too many wrong tokens; wait a moment and try again.",
					{"Retry-After": str(math.ceil(wait))},
				)
			if hmac.compare_digest(self._token.value.encode(), given.strip().encode()):
				self._wrong = 0
				return True
			self._wrong += 1
			if self._wrong > _FREE_GUESSES:
				pause = min(2.0 ** (self._wrong - _FREE_GUESSES - 1), _LONGEST_PAUSE)
				self._closed_until = self._now() + pause
		self._refused()
		return False

	def _logged_in(self, request: Request) -> bool:
		end = self._logins.get(_digest(request.cookies.get(COOKIE, "")))
		return end is not None and end > self._now()


def need_json(request: Request) -> None:
	kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
	if kind != "application/json":
		raise HTTPException(415, "The body must be JSON, with Content-Type: application/json.")


def _digest(value: str) -> bytes:
	# Looked up by digest, so that the time a look-up takes tells nothing of the cookies there are.
	return hashlib.sha256(value.encode()).digest()
