"""Many conversations that fail, and one that is healthy: it does not wait for the fault to end. With real processes.

No time is asserted. What says whether it waited is how often the failing ones were tried meanwhile.
"""

import pytest
from faults.traffic import IN, OUT
from processes import until

from wuzapi_chatwoot.bridge.guards.circuit_breaker import Breakers

LANES, THRESHOLD = Breakers().lanes, Breakers().threshold
# Of one try at most: a message that is tried again is looked for in Chatwoot before, three times if need be.
CALLS = {"gateway": 1, "chatwoot": 3}
REFUSED = "server returned error 463"
UNKNOWN = "something that nobody has heard of"
# An unknown error is the hardest, for it may be the destination's own.
TO_WHATSAPP = [
	*[(ill, 500, UNKNOWN) for ill in (1, 3, 6, 30)],
	(6, 500, REFUSED),
]
# No answer at all: the connection is cut, or nothing ever comes.
SILENCE = [(ill, mode) for mode in ("drop", "hang") for ill in (1, 3, 6, 30)]
# Instead of the minutes that a real one is waited for, in seconds.
PATIENCE = 2.0
TO_CHATWOOT = [*[(ill, 500) for ill in (1, 3, 6, 30)], (6, 504), (6, 418)]


@pytest.mark.parametrize(("ill", "status", "text"), TO_WHATSAPP)
def test_people_whom_whatsapp_does_not_serve(begin, ill, status, text):
	traffic = begin(customers=ill + 1, fetch_seconds=86_400)
	*failing, healthy = traffic.customers
	traffic.sandbox.switch(gateway_fail_for={"status": status, "text": text, "names": failing})
	# What WhatsApp refuses one person is not tried again at once.
	_is_served(traffic, "gateway", failing, healthy, OUT, again=text != REFUSED)


@pytest.mark.parametrize(("ill", "status"), TO_CHATWOOT)
def test_conversations_that_chatwoot_cannot_write_to(begin, ill, status):
	"""Whatever it is that answers for them: Chatwoot, a proxy that gave up, a firewall."""
	traffic = begin(customers=ill + 1, fetch_seconds=86_400)
	*failing, healthy = traffic.customers
	ids = _ids_in_chatwoot(traffic, failing)
	traffic.sandbox.switch(chatwoot_fail_for={"status": status, "text": "no", "names": ids})
	_is_served(traffic, "chatwoot", failing, healthy, IN)
	_is_over(traffic, "chatwoot", failing, IN)


@pytest.mark.parametrize(("ill", "mode"), SILENCE)
def test_people_for_whom_the_gateway_never_answers(begin, ill, mode):
	traffic = begin(customers=ill + 1, fetch_seconds=86_400, patience=PATIENCE)
	*failing, healthy = traffic.customers
	traffic.sandbox.switch(gateway_fail_for={"status": 0, "mode": mode, "names": failing})
	_is_served(traffic, "gateway", failing, healthy, OUT)
	_is_over(traffic, "gateway", failing, OUT)


@pytest.mark.parametrize(("ill", "mode"), SILENCE)
def test_conversations_for_which_chatwoot_never_answers(begin, ill, mode):
	traffic = begin(customers=ill + 1, fetch_seconds=86_400, patience=PATIENCE)
	*failing, healthy = traffic.customers
	ids = _ids_in_chatwoot(traffic, failing)
	traffic.sandbox.switch(chatwoot_fail_for={"status": 0, "mode": mode, "names": ids})
	_is_served(traffic, "chatwoot", failing, healthy, IN)
	_is_over(traffic, "chatwoot", failing, IN)


def _is_over(traffic, side, failing, direction):
	traffic.sandbox.switch(**{f"{side}_fail_for": {"names": []}})
	until(
		lambda: all(_arrived(traffic, each, direction) for each in failing),
		"theirs arrive when the fault is over",
	)


def _ids_in_chatwoot(traffic, customers):
	known = traffic.sandbox.control("chatwoot/conversations")["conversations"]
	return [str(each["id"]) for each in known if _customer(each) in customers]


def _is_served(traffic, side, failing, healthy, direction, again=True):
	"""All of them fail, and so often that their failures alone would open a breaker."""
	write = traffic.customer_writes if direction == IN else traffic.agent_writes
	for customer in failing:
		write(customer)
	until(lambda: len(_tries(traffic, side)) == len(failing), "each of them has failed")
	if again:
		# As many as would open a breaker, if failures alone did; more do not come once it is open.
		enough = len(failing) + 2 if len(failing) < LANES else max(len(failing), THRESHOLD)
		until(lambda: sum(_tries(traffic, side).values()) >= enough, "they are tried again")
	before = _tries(traffic, side)
	write(healthy)
	until(lambda: _arrived(traffic, healthy, direction), "the healthy one is served")
	more = {name: count - before[name] for name, count in _tries(traffic, side).items()}
	assert max(more.values()) <= 2 * CALLS[side], f"it waited for the tries of others: {more}"
	assert not any(_arrived(traffic, customer, direction) for customer in failing)


def _tries(traffic, side):
	return traffic.sandbox.control("switches")[f"{side}_fail_for"]["tries"]


def _customer(conversation):
	return conversation["contact"]["phone_number"].lstrip("+")


def _arrived(traffic, customer, direction):
	return traffic.arrived().get((customer, direction)) == traffic.sent[customer, direction]
