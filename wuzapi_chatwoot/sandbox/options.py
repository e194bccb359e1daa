"""What can be given on the command line. Reads it, checks nothing else."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from wuzapi_chatwoot.sandbox import defaults

GATEWAY_ADMIN_TOKEN = "fictional-gateway-admin-0123456789abcdef"
GLOBAL_HMAC_KEY = "fictional-global-hmac-key-0123456789"
# As WhatsApp has it; a test that waits for codes gives less.
QR_MS = 20_000
QR_CODES = 6


@dataclass(frozen=True)
class Options:
	"""How one sandbox is to be started."""

	host: str = defaults.HOST
	port: int = defaults.PAGE_PORT
	gateway_port: int = defaults.GATEWAY_PORT
	chatwoot_port: int = defaults.CHATWOOT_PORT
	bridge_url: str = defaults.BRIDGE_URL
	gateway_webhook_path: str = defaults.GATEWAY_WEBHOOK_PATH
	chatwoot_webhook_path: str = defaults.CHATWOOT_WEBHOOK_PATH
	admin_token: str = defaults.ADMIN_TOKEN
	gateway_token: str = defaults.GATEWAY_TOKEN
	gateway_admin_token: str = GATEWAY_ADMIN_TOKEN
	gateway_hmac_key: str = defaults.GATEWAY_HMAC_KEY
	gateway_global_webhook: str = ""
	gateway_global_hmac_key: str = GLOBAL_HMAC_KEY
	chatwoot_token: str = defaults.CHATWOOT_TOKEN
	chatwoot_secret: str = defaults.CHATWOOT_SECRET
	seed: int | None = None
	keep: int = 0
	qr_ms: int = QR_MS
	qr_codes: int = QR_CODES

	@property
	def gateway_webhook_url(self) -> str:
		return self.bridge_url + self.gateway_webhook_path

	@property
	def chatwoot_webhook_url(self) -> str:
		return self.bridge_url + self.chatwoot_webhook_path


HELP = {
	"host": "address to listen on",
	"port": "page and control API (0: any free port)",
	"gateway_port": "simulated WuzAPI (0: any free port)",
	"chatwoot_port": "simulated Chatwoot (0: any free port)",
	"bridge_url": "where the bridge listens",
	"gateway_webhook_path": "where below it the gateway's webhooks go",
	"chatwoot_webhook_path": "where below it Chatwoot's webhooks go",
	"admin_token": "token for the bridge's /lanes",
	"gateway_token": "token of the gateway's user",
	"gateway_admin_token": "token of the gateway's administrator",
	"gateway_hmac_key": "key that gateway webhooks are signed with",
	"gateway_global_webhook": "where every user's webhooks go as well (none: nowhere)",
	"gateway_global_hmac_key": "key that those are signed with",
	"chatwoot_token": "access token of the bridge's Chatwoot user",
	"chatwoot_secret": "secret that Chatwoot webhooks are signed with",
	"seed": "seed of the random delays",
	"keep": "messages kept for each chat and conversation (0: all)",
	"qr_ms": "milliseconds that each QR code stays (the switch gateway_qr_ms changes it later)",
	"qr_codes": "QR codes shown before the gateway gives up",
}


NUMBERS = ("port", "gateway_port", "chatwoot_port", "seed", "keep", "qr_ms", "qr_codes")


def add_arguments(parser: argparse.ArgumentParser) -> None:
	"""Offer every option on a parser."""
	for each in fields(Options):
		flag = "--" + each.name.replace("_", "-")
		kind: Any = int if each.name in NUMBERS else str
		parser.add_argument(flag, type=kind, default=each.default, metavar="…", help=HELP[each.name])


def from_arguments(arguments: argparse.Namespace) -> Options:
	"""Take the options out of parsed arguments."""
	given = {each.name: getattr(arguments, each.name) for each in fields(Options)}
	given["bridge_url"] = str(given["bridge_url"]).rstrip("/")
	return Options(**given)


def parse(arguments: Sequence[str]) -> Options:
	"""Parse a command line."""
	parser = argparse.ArgumentParser(prog="python -m wuzapi_chatwoot.sandbox")
	add_arguments(parser)
	return from_arguments(parser.parse_args(arguments))
