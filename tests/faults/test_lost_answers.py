"""A message is stored on the other side, and the answer that says so never comes."""

from processes import until


def test_the_connection_breaks_after_the_message_was_stored(begin, recovered):
	traffic = begin(customers=0)
	# No receipts: they would prove the sends to have been made. And few enough faults that nobody takes the other
	# side for down.
	lost = {"count": 4, "mode": "drop"}
	traffic.sandbox.switch(chatwoot_store_then_timeout=lost, auto_deliver=False)
	traffic.newcomers(8)
	traffic.customers_write(2)
	until(lambda: _withheld(traffic, "chatwoot") == 4, "four answers to the first messages are lost")
	traffic.all_there()
	traffic.sandbox.switch(chatwoot_store_then_timeout=lost, gateway_store_then_timeout=lost)
	traffic.burst(4)
	until(lambda: _withheld(traffic, "chatwoot") == 8, "four more answers of Chatwoot are lost")
	until(lambda: _withheld(traffic, "gateway") == 4, "four answers of the gateway are lost")
	recovered(traffic.check())
	assert traffic.sandbox.control("counters")["gateway"]["repeated_send_ids"] == 4


def _withheld(traffic, side):
	return traffic.sandbox.control("counters")[side]["statuses"].get("withheld", 0)
