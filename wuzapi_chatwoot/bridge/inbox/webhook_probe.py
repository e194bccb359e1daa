"""The doctor's probe: a webhook that tells nothing, posted to ourselves. It is proved like any other, and then neither
kept nor counted, so that trying a session's path leaves no trace.

Known by a mark in its address, which arrives even where headers or body do not. A stranger who uses the mark gains
nothing: what bears it is never taken in.
"""

from __future__ import annotations

from wuzapi_chatwoot.bridge.ports.connector import WebhookRequest

MARK = "probe"
# What JSON libraries write differently: a proxy that reads and writes bodies cannot leave it as it is.
BODY = '{"doctor":  "says h\\u00e9llo ☎", "number": 1.0}\n'.encode()

WHOLE = "the probe has come whole"
CHANGED = "the probe has come with another body"


def is_probe(request: WebhookRequest) -> bool:
	return MARK in request.query


def word_on(request: WebhookRequest) -> str:
	"""To whoever has proved to be us."""
	return WHOLE if request.body == BODY else CHANGED
