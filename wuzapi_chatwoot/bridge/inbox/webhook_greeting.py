"""What a webhook's address answers to those who only look at it: people with a browser, monitors. The same on every host."""

from __future__ import annotations

from datetime import datetime

READY = "Webhooks are received here by POST."


def greeting(now: datetime) -> dict[str, object]:
	"""Nothing about sessions: also not whether there is one of the name in the address."""
	return {"success": True, "message": READY, "timestamp": now.isoformat()}
