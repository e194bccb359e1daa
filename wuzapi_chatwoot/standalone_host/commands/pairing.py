"""Pair a session from a terminal: one picture, replaced in place when it changes, until the phone has taken it."""

from __future__ import annotations

import shutil
import sys
import time
from typing import Any

from wuzapi_chatwoot.standalone_host.commands.admin_client import AdminClient, ServiceError
from wuzapi_chatwoot.standalone_host.commands.terminal_qr import NoQrPicture, draw

_EVERY = 1.0
# After the pairing its number is told within so many seconds, or not at all; and so is its name after the number.
_NUMBER_SECONDS = 15.0
_NAME_SECONDS = 5.0


class NotPaired(Exception):
	"""The text is a sentence for people."""


def pair(client: AdminClient, name: str, phone: str | None, timeout: float, *, quiet: bool) -> dict[str, Any]:
	"""What `pairing` says when it is connected. `quiet`: nothing but what a person must see, on standard error."""
	screen = _Screen(quiet)
	end = time.monotonic() + timeout
	client.session(name, "connect", {})
	code_told = False
	shown: str | None = None
	while time.monotonic() < end:
		told = client.session(name, f"pairing?known={shown}" if shown else "pairing")
		if told["phase"] == "connected":
			return _with_number(client, name, told)
		if told["phase"] == "banned":
			raise ServiceError(told["sentence"])
		if told["phase"] == "off":
			if shown is None and not code_told:
				screen.show(told["sentence"])
			# The codes have run out: WhatsApp gives only so many at a time.
			shown, code_told = None, False
			client.session(name, "connect", {})
		elif told["phase"] == "scan" and phone is not None:
			if not code_told:
				screen.show(client.session(name, "pair-phone", {"phone": phone})["sentence"])
				code_told = True
		elif told["phase"] == "scan" and told["qr_id"] != shown:
			shown = told["qr_id"]
			screen.show(f"{_picture(told['qr'])}\n{told['sentence']}")
		elif told["phase"] == "starting":
			screen.show(told["sentence"])
		time.sleep(_EVERY)
	raise NotPaired(f"Nobody has paired {name} within {timeout:.0f} seconds.")


def _with_number(client: AdminClient, name: str, told: dict[str, Any]) -> dict[str, Any]:
	"""And with its name. The gateway tells them a moment later."""
	for what, seconds in (("number", _NUMBER_SECONDS), ("name", _NAME_SECONDS)):
		end = time.monotonic() + seconds
		while told["phase"] == "connected" and not told[what] and time.monotonic() < end:
			time.sleep(_EVERY)
			told = client.session(name, "pairing")
	# Below, it is called as the session is.
	profile_name = told.pop("name")
	return {"session": name, **told, "profile_name": profile_name}


def _picture(data_url: str) -> str:
	try:
		return draw(data_url)
	except NoQrPicture as error:
		return f"{error} Take the admin page, or --phone for a code to type."


class _Screen:
	"""Shows one thing at a time. Where it cannot take back what it wrote, it writes only what is new."""

	def __init__(self, quiet: bool) -> None:
		self._stream = sys.stderr if quiet else sys.stdout
		self._last = ""

	def show(self, text: str) -> None:
		if text == self._last:
			return
		if self._last and self._stream.isatty():
			width = shutil.get_terminal_size().columns
			lines = sum(max(-(-len(line) // width), 1) for line in self._last.split("\n"))
			self._stream.write(f"\x1b[{lines}A\x1b[J")
		self._stream.write(text + "\n")
		self._stream.flush()
		self._last = text
