"""One of the three is down for a while, and people go on writing."""

import pytest
from processes import until


def test_chatwoot_is_down(begin, recovered):
	traffic = begin(customers=5)
	traffic.sandbox.switch(chatwoot_down=True)
	traffic.burst(5)
	traffic.newcomers(3)
	traffic.customers_write(2)
	traffic.breaker_opens("Chatwoot")
	traffic.customers_write(1)
	traffic.sandbox.switch(chatwoot_down=False)
	recovered(traffic.check())


def test_the_gateway_is_down(begin, recovered):
	traffic = begin()
	traffic.sandbox.switch(gateway_down=True)
	traffic.burst(5)
	traffic.breaker_opens("gateway")
	traffic.burst(2)
	traffic.sandbox.switch(gateway_down=False)
	recovered(traffic.check())


def test_the_bridge_is_down(begin, recovered):
	traffic = begin()
	assert traffic.bridge.stop() == 0
	traffic.agents_write(5)
	# One each: what the gateway has to repeat comes late, and only the settle window could put it in order.
	traffic.customers_write(1)
	until(lambda: traffic.statuses().get("failed") == 5 * len(traffic.customers), "all are shown as failed")
	traffic.bridge.start()
	recovered(traffic.check())


@pytest.mark.parametrize("status", [429, 500])
def test_both_sides_fail_on_every_request(begin, recovered, status):
	traffic = begin()
	_fail(traffic, status, "chatwoot", "gateway")
	traffic.burst(5)
	traffic.breaker_opens("Chatwoot")
	traffic.breaker_opens("gateway")
	traffic.burst(2)
	_succeed(traffic)
	recovered(traffic.check())


def _fail(traffic, status, *sides):
	traffic.sandbox.switch(**{f"{side}_fail_next": {"status": status, "count": 10_000} for side in sides})


def _succeed(traffic):
	never = {"count": 0}
	traffic.sandbox.switch(chatwoot_fail_next=never, gateway_fail_next=never)
