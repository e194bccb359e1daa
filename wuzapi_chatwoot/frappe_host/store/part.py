"""What the parts of the store share: the connection, and who is written down as the author of machine rows."""

from __future__ import annotations

from datetime import datetime

from wuzapi_chatwoot.frappe_host.store.connection import Connection
from wuzapi_chatwoot.frappe_host.store.times import to_site, to_utc


class StorePart:
	# Rows are the machine's, whoever's request or job it was.
	_user = "Administrator"

	def __init__(self, connection: Connection) -> None:
		self._connection = connection

	def _add_lane(
		self, lane: str, session: str, direction: str, due_at: datetime, now: datetime, served: int = 0
	) -> None:
		"""Make sure that the lane is known. If it is, it keeps its time and what it has had."""
		self._connection.write(
			"""INSERT INTO `tabWuzAPI Lane`
			(name, creation, modified, owner, modified_by, lane, session, direction, due_at, last_turn_at,
			served)
			VALUES (NEXTVAL(`wuzapi_lane_id_seq`), %(now)s, %(now)s, %(user)s, %(user)s, %(lane)s, %(session)s,
			%(direction)s, %(due_at)s, %(due_at)s, %(served)s)
			ON DUPLICATE KEY UPDATE lane = lane""",
			{
				"now": to_site(now),
				"user": self._user,
				"lane": lane,
				"session": session,
				"direction": direction,
				"due_at": to_utc(due_at),
				"served": served,
			},
		)
