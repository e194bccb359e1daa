"""Many conversations that fail, and all others healthy: nobody else waits for the fault to end. With real processes."""

import pytest
from faults.traffic import IN
from processes import until


@pytest.mark.parametrize("status", [500, 504, 418])
def test_conversations_that_chatwoot_cannot_write_to(begin, recovered, status):
	"""Whatever it is that answers for them: Chatwoot, a proxy that gave up, a firewall."""
	traffic = begin(customers=24)
	# Those whose numbers begin alike: about a third.
	known = traffic.sandbox.control("chatwoot/conversations")["conversations"]
	ids = [str(each["id"]) for each in known]
	beginnings = {id[:length] for id in ids for length in range(1, len(id) + 1)}
	first = min(
		sorted(beginnings), key=lambda beginning: abs(8 - sum(id.startswith(beginning) for id in ids))
	)
	ill = {_customer(each) for each in known if str(each["id"]).startswith(first)}
	assert 3 <= len(ill) <= 16
	path = f"/conversations/{first}"
	traffic.sandbox.switch(chatwoot_fail_next={"status": status, "count": 100_000, "match": path})
	well = [customer for customer in traffic.customers if customer not in ill]
	for _ in range(2):
		# Those that fail begin, and have more that waits.
		for customer in [*ill, *well]:
			traffic.customer_writes(customer)
		until(lambda: _all_arrived(traffic, well), "the others' messages have arrived though the fault lasts")
	assert not any(_all_arrived(traffic, [customer]) for customer in ill)
	traffic.sandbox.switch(chatwoot_fail_next={"count": 0})
	recovered(traffic.check())


def _customer(conversation):
	return conversation["contact"]["phone_number"].lstrip("+")


def _all_arrived(traffic, customers):
	there = traffic.arrived()
	return all(there.get((customer, IN)) == traffic.sent[customer, IN] for customer in customers)
