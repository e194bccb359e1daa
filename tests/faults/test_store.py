"""The bridge's database cannot be written for a while: locked by another program, or the disk is full."""

import contextlib
import resource
import sqlite3

import pytest
from processes import until

# While the store refuses, the gateway repeats: what it repeats comes late, and must not come too late.
SETTLE_SECONDS = 1.5
# A locked database is waited for, five seconds, and not by one after the other: nobody waits for an answer for ever.
REFUSED_WITHIN = 15


@contextlib.contextmanager
def locked(bridge):
	"""Another program has the database for itself."""
	with contextlib.closing(sqlite3.connect(bridge.data / "bridge.db", isolation_level=None)) as other:
		other.execute("PRAGMA busy_timeout=10000")
		other.execute("BEGIN EXCLUSIVE")
		yield
		other.execute("ROLLBACK")


@contextlib.contextmanager
def full_disk(bridge):
	"""No file of the bridge can grow, its log included: every write beyond the first bytes fails."""
	hard = resource.prlimit(bridge.pid, resource.RLIMIT_FSIZE)[1]
	resource.prlimit(bridge.pid, resource.RLIMIT_FSIZE, (512, hard))
	yield
	resource.prlimit(bridge.pid, resource.RLIMIT_FSIZE, (hard, hard))


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux")
@pytest.mark.parametrize("trouble", [locked, full_disk])
def test_the_store_cannot_write(begin, recovered, trouble):
	traffic = begin(settle_seconds=SETTLE_SECONDS)
	traffic.sandbox.switch(auto_deliver=False)
	traffic.burst(3)
	missing = traffic.figures().lost
	until(lambda: traffic.figures().lost < missing, "the lanes are at work")
	with trouble(traffic.bridge):
		traffic.burst(2)
		until(lambda: _refused(traffic), "webhooks of both sides are refused", REFUSED_WITHIN)
	recovered(traffic.check() - SETTLE_SECONDS)
	assert traffic.bridge.running
	# What was refused has been repeated by the gateway; Chatwoot repeats nothing, so it was fetched.
	counters = traffic.sandbox.control("counters")
	assert counters["gateway"]["webhooks"]["given_up"] == 0


def _refused(traffic):
	counters = traffic.sandbox.control("counters")
	return all(counters[side]["webhooks"]["failed_attempts"] for side in ("gateway", "chatwoot"))
