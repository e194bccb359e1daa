"""What was made for a session and may be removed with it, as its row keeps it. Decides nothing, removes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from frappe import _

from wuzapi_chatwoot.bridge.sessions.setup_values import CreatedResources, MadeInbox


def made_of(doc: Any) -> CreatedResources:
	lines = (doc.earlier_inboxes or "").splitlines()
	return CreatedResources(doc.made_gateway_user or None, doc.made_inbox or None, tuple(map(_inbox, lines)))


def keep_made_inboxes(doc: Any, made: CreatedResources) -> None:
	doc.made_inbox = made.inbox_id or 0
	doc.earlier_inboxes = "\n".join(f"{each.id} {each.name}" for each in made.earlier_inboxes)


def _inbox(line: str) -> MadeInbox:
	id, _blank, name = line.partition(" ")
	return MadeInbox(int(id), name)


def told(name: str, made: CreatedResources) -> Iterator[str]:
	"""For people who are asked whether it shall be removed."""
	if made.gateway_user_id is not None:
		yield _("The user {0} on the gateway ({1}), with its pairing").format(name, made.gateway_user_id)
	for inbox in made.leaving_inbox(name).earlier_inboxes:
		yield _("Inbox {0} in Chatwoot, with every conversation in it").format(inbox)
