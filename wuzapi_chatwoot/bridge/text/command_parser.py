"""What agents may ask the bridge in its own conversation in Chatwoot, and how they write it. Does nothing about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from wuzapi_chatwoot.bridge.model.addresses import Address

CONTROL = Address("bridge", "control")
"""Stands for the bridge itself, as a contact in Chatwoot. Nobody on WhatsApp has it."""


class Command(str, Enum):
	STATUS = "status"
	QR = "qr"
	PAIR = "pair"
	RECONNECT = "reconnect"
	HELP = "help"


@dataclass(frozen=True, slots=True)
class Asked:
	"""`command` is `None` for what is none."""

	command: Command | None
	argument: str = ""


HELP = """I understand:
- **status**: how the number stands
- **qr**: the picture to scan, to pair the phone
- **pair +447700900123**: a code to type on the phone with that number instead
- **reconnect**: connect to WhatsApp again
- **help**: this list

Write to me as you write to customers; I do not read private notes. Nobody on WhatsApp sees what is written here."""


def read_command(text: str) -> Asked:
	"""Upper and lower case, a slash before it and a full stop behind it make no difference."""
	word, _, argument = text.strip().lstrip("/").partition(" ")
	try:
		return Asked(Command(word.rstrip(".!?").lower()), argument.strip())
	except ValueError:
		return Asked(None)
