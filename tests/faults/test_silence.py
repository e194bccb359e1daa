"""Messages are stored, and then there is silence: Chatwoot never answers, the gateway ends in the middle.

It began before the other tests; see `silence` in `conftest.py`.
"""


def test_answers_that_never_come(silence):
	silence.check()
	counters = silence.sandbox.control("counters")
	assert counters["chatwoot"]["statuses"]["withheld"] == 3
	assert counters["gateway"]["statuses"]["withheld"] == 3
	assert counters["gateway"]["repeated_send_ids"] == 3
