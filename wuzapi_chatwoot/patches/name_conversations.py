"""Conversations bear the name and the number of their contact, so that one search finds them."""

from __future__ import annotations

import frappe


def execute() -> None:
	frappe.db.sql(
		"""UPDATE `tabWuzAPI Conversation` AS conversation
		JOIN `tabWuzAPI Contact` AS contact ON contact.name = CAST(conversation.contact AS UNSIGNED)
		SET conversation.contact_name = contact.contact_name,
		conversation.phone = (SELECT phone FROM `tabWuzAPI Contact Address` AS address
			WHERE address.parent = conversation.contact AND phone != '' ORDER BY idx, name LIMIT 1)"""
	)
