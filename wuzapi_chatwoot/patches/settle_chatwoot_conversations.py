"""One conversation in Chatwoot belongs to one of ours. Two could come to bear its number before: the one whose customer
wrote there first keeps it, the other one opens its own with its next message.
"""

from __future__ import annotations

from wuzapi_chatwoot.frappe_host.store import FrappeStore


def execute() -> None:
	FrappeStore().settle_chatwoot_conversations()
