"""Webhooks come twice, and in any order."""


def test_every_webhook_comes_twice(begin):
	traffic = begin()
	traffic.sandbox.switch(duplicate_webhooks=2)
	traffic.burst(10)
	traffic.check()


def test_webhooks_are_shuffled_within_the_settle_window(begin):
	traffic = begin(settle_seconds=1)
	traffic.sandbox.switch(shuffle_window_ms=400)
	traffic.burst(6)
	traffic.check()


def test_twice_and_shuffled_from_the_very_first_message(begin):
	traffic = begin(customers=0, settle_seconds=1)
	traffic.sandbox.switch(shuffle_window_ms=400, duplicate_webhooks=2)
	traffic.newcomers(6)
	traffic.customers_write(5)
	traffic.all_there()
	traffic.burst(5)
	traffic.check()
