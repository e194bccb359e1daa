"""How many messages each session has carried: counted from time to time, since a count kept up to date would make
every message wait for its session's row.
"""

from __future__ import annotations

import frappe


def count_messages() -> None:
	"""In a job: Frappe commits at its end."""
	frappe.db.sql(
		"""UPDATE `tabWuzAPI Session` AS session LEFT JOIN (
			SELECT session, SUM(direction = 'in') AS received, SUM(direction = 'out') AS sent,
			SUM(status = 'failed') AS failed FROM `tabWuzAPI Message` GROUP BY session
		) AS counted ON counted.session = session.name
		SET session.messages_in = COALESCE(counted.received, 0), session.messages_out = COALESCE(counted.sent, 0),
		session.messages_failed = COALESCE(counted.failed, 0)"""
	)
