"""Messages are stored, and then there is silence: Chatwoot never answers, the gateway ends in the middle.

It takes minutes and hardly any work: `tests/conftest.py` lets it begin first.
"""

PATIENCE = 180


def test_answers_that_never_come(silence):
	silence.check(PATIENCE)
	counters = silence.sandbox.control("counters")
	assert counters["chatwoot"]["statuses"]["withheld"] == 3
	assert counters["gateway"]["statuses"]["withheld"] == 3
	assert counters["gateway"]["repeated_send_ids"] == 3
