"""How many messages each session has carried.

A count kept up to date would make every message wait for its session's row. So all are counted from time to time, and what
has come since then is counted when somebody looks.
"""

from __future__ import annotations

import frappe


def count_messages() -> None:
	"""In a job: Frappe commits at its end."""
	counted_to = frappe.db.sql("SELECT COALESCE(MAX(name), 0) FROM `tabWuzAPI Message`")[0][0]
	frappe.db.sql(
		"""UPDATE `tabWuzAPI Session` AS session LEFT JOIN (
			SELECT session, SUM(direction = 'in') AS received, SUM(direction = 'out') AS sent
			FROM `tabWuzAPI Message` WHERE name <= %(to)s GROUP BY session
		) AS counted ON counted.session = session.name
		SET session.messages_in = COALESCE(counted.received, 0), session.messages_out = COALESCE(counted.sent, 0),
		session.messages_counted_to = %(to)s""",
		{"to": counted_to},
	)


def figures(session: str) -> dict[str, int]:
	"""`{"in", "out", "failed"}`, as of now. Reads only what has come since the last count, by the rows' own key."""
	known = frappe.db.get_value(
		"WuzAPI Session", session, ["messages_in", "messages_out", "messages_counted_to"], as_dict=True
	)
	[(received, sent)] = frappe.db.sql(
		"""SELECT COALESCE(SUM(direction = 'in'), 0), COALESCE(SUM(direction = 'out'), 0)
		FROM `tabWuzAPI Message` WHERE name > %s AND session = %s""",
		(known.messages_counted_to or 0, session),
	)
	failed = frappe.db.count("WuzAPI Message", {"session": session, "status": "failed"})
	return {
		"in": int(known.messages_in or 0) + int(received),
		"out": int(known.messages_out or 0) + int(sent),
		"failed": int(failed),
	}
