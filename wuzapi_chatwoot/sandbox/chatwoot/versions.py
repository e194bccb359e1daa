"""What older versions of Chatwoot cannot do. Which version is on is a switch."""

from __future__ import annotations

from wuzapi_chatwoot.sandbox.switches import Switches

FIRST_WITH_SECRETS = (4, 13)


def has_secrets(switches: Switches) -> bool:
	"""Say whether API inboxes have secrets, and their callbacks signatures."""
	major, minor = switches.chatwoot_version.split(".")[:2]
	return (int(major), int(minor)) >= FIRST_WITH_SECRETS
