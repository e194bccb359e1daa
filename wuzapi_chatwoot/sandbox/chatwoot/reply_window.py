"""The reply window of an API inbox: whether Chatwoot's own editor would let the agent answer. The API never asks."""

from __future__ import annotations

import time
from typing import Any

from wuzapi_chatwoot.sandbox.chatwoot.records import INCOMING, Conversation

WINDOW = "agent_reply_time_window"
HOUR = 3600.0


def window_problem(additional_attributes: Any) -> str:
	"""Tell what is wrong with the hours that a channel is given, or nothing."""
	hours = additional_attributes.get(WINDOW) if isinstance(additional_attributes, dict) else None
	# Rails' `blank?`: a zero is not blank.
	if hours is None or hours is False or hours == "" or _hours(hours) > 0:
		return ""
	return f"Agent reply time window {WINDOW} must be greater than 0"


def can_reply(conversation: Conversation) -> bool:
	"""Say whether an agent may write: always without a window, else for so long after the last incoming message."""
	hours = _hours(conversation.inbox.additional_attributes.get(WINDOW))
	if hours <= 0:
		return True
	last = next((each for each in reversed(conversation.messages) if each.kind == INCOMING), None)
	return last is not None and time.time() < last.created_at + hours * HOUR


def _hours(value: Any) -> int:
	try:
		return int(value or 0)
	except (TypeError, ValueError):
		return 0
