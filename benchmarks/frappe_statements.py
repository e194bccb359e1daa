"""Counts what one acknowledgement sends to MariaDB, in the bench's Python: Frappe's own statements and ours.

Reads `{"key": …, "path": …}` from standard input; prints the statements as a JSON list.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import frappe.app
import pymysql.connections
from werkzeug.test import Client

from benchmarks.webhooks import Webhooks

_QUERY = 3


def main() -> None:
	"""The third of three: the first fills caches."""
	given = json.load(sys.stdin)
	frappe.app._site = os.environ["SITE"]
	client = Client(frappe.app.application)
	statements: list[str] = []
	# Below cursors: also COMMIT, and what is sent for each new connection.
	execute = pymysql.connections.Connection._execute_command

	def noted(self: Any, command: int, sql: Any) -> None:
		if command == _QUERY:
			statements.append(sql if isinstance(sql, str) else bytes(sql).decode(errors="replace"))
		execute(self, command, sql)

	pymysql.connections.Connection._execute_command = noted
	for request in Webhooks(given["key"], given["path"]).texts(3, 3):
		statements.clear()
		head, _, body = request.partition(b"\r\n\r\n")
		signature = head.partition(b"x-hmac-signature: ")[2].split(b"\r\n")[0].decode()
		headers = {"x-hmac-signature": signature, "Content-Type": "application/json"}
		answer = client.post(given["path"], data=body, headers=headers)
		assert answer.status_code == 200, answer.get_data(as_text=True)
	print(json.dumps([" ".join(each.split())[:60] for each in statements]))


if __name__ == "__main__":
	main()
