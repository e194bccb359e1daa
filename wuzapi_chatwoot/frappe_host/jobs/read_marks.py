"""Shows a customer that a message was read. A job's work: no request waits for a gateway."""

from __future__ import annotations

from typing import Any

import frappe

from wuzapi_chatwoot.bridge.to_whatsapp.mark_read import mark_read
from wuzapi_chatwoot.frappe_host.settings import sessions
from wuzapi_chatwoot.frappe_host.task_state.enqueue import soon
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site


def mark_read_soon(conversation: Any) -> bool:
	"""False: nothing has come in that is not marked already."""
	if not conversation.last_incoming_id or conversation.last_incoming_id == conversation.read_up_to_id:
		return False
	frappe.db.after_commit.add(
		lambda: soon(
			"wuzapi_chatwoot.frappe_host.jobs.entry_points.mark_read", conversation=int(conversation.name)
		)
	)
	return True


def mark_read_now(conversation: int) -> None:
	"""Best effort, as everywhere: a read mark is worth no second try."""
	bridge = bridge_of_site(in_job=True)
	row = bridge.store.get_conversation(conversation)
	session = sessions().get(row.session) if row is not None else None
	if row is None or session is None:
		return
	mark_read(bridge, session, row)
