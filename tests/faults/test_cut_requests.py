"""A client that dies in the middle of a request has not made it: a killed bridge leaves nothing half said."""

import socket
from urllib.parse import urlsplit

from wuzapi_chatwoot.sandbox import defaults


def test_half_a_request_creates_nothing(begin, installation):
	traffic = begin(customers=1)
	[conversation] = installation.sandbox.control("chatwoot/conversations")["conversations"]
	before = installation.sandbox.control("counters")["chatwoot"]["requests"]
	address = urlsplit(installation.sandbox.chatwoot)
	path = f"/api/v1/accounts/{defaults.ACCOUNT_ID}/conversations/{conversation['id']}/messages"
	head = [
		f"POST {path} HTTP/1.1",
		f"Host: {address.netloc}",
		f"api-access-token: {defaults.CHATWOOT_TOKEN}",
		"Content-Type: application/json",
		"Content-Length: 100",
	]
	for so_far in (b"", b'{"content": "Hal'):
		with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
			connection.sendall("\r\n".join([*head, "", ""]).encode() + so_far)
	# By the time that this one has arrived, the others have been seen as well.
	traffic.customer_writes(traffic.customers[0])
	traffic.all_there()
	route = "POST /api/v1/accounts/{account}/conversations/{id}/messages"
	after = installation.sandbox.control("counters")["chatwoot"]["requests"]
	assert after[route] - before.get(route, 0) == 1
	assert traffic.statuses() == {}
