"""Webhooks come twice, and in any order."""


def test_nothing_is_wrong_to_begin_with(begin):
	traffic = begin()
	traffic.burst()
	traffic.check()


def test_every_webhook_comes_twice(begin):
	traffic = begin()
	traffic.sandbox.switch(duplicate_webhooks=2)
	traffic.burst()
	traffic.check()


def test_webhooks_are_shuffled_within_the_settle_window(begin):
	traffic = begin(settle_seconds=1.5)
	traffic.sandbox.switch(shuffle_window_ms=700)
	traffic.burst()
	traffic.check()


def test_twice_and_shuffled_from_the_very_first_message(begin, installation):
	traffic = begin(customers=0, settle_seconds=1.5)
	traffic.sandbox.switch(shuffle_window_ms=700, duplicate_webhooks=2)
	traffic.customers += [str(447700901101 + number) for number in range(6)]
	traffic.customers_write(5)
	traffic.check()
	traffic.burst(5)
	traffic.check()
