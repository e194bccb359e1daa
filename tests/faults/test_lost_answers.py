"""A message is stored on the other side, and the answer that says so never comes."""

from processes import until


def test_the_connection_breaks_after_the_message_was_stored(begin, recovered):
	traffic = begin()
	# Few enough that nobody takes the other side for down.
	lost = {"count": 4, "mode": "drop"}
	traffic.sandbox.switch(chatwoot_store_then_timeout=lost, gateway_store_then_timeout=lost)
	traffic.burst(5)
	until(lambda: _withheld(traffic) == 8, "all the answers are lost")
	recovered(traffic.check())
	assert traffic.sandbox.control("counters")["gateway"]["repeated_send_ids"] >= 4


def test_the_connection_breaks_after_a_conversation_was_begun(begin, recovered):
	traffic = begin(customers=0)
	traffic.sandbox.switch(chatwoot_store_then_timeout={"count": 4, "mode": "drop"})
	traffic.newcomers(8)
	traffic.customers_write(3)
	until(lambda: _withheld(traffic) == 4, "all the answers are lost")
	recovered(traffic.check())


def _withheld(traffic):
	counters = traffic.sandbox.control("counters")
	return sum(counters[side]["statuses"].get("withheld", 0) for side in ("gateway", "chatwoot"))
