"""Writers get their turn in the order in which they asked."""

from __future__ import annotations

import threading

from wuzapi_chatwoot.standalone_host.storage.database.fifo_lock import FifoLock


def test_one_holds_it_at_a_time() -> None:
	lock = FifoLock()
	assert lock.acquire(1)
	assert not lock.acquire(0.001)
	lock.release()
	assert lock.acquire(1)


def test_who_gave_up_waiting_is_passed_over() -> None:
	lock = FifoLock()
	lock.acquire(1)
	assert not lock.acquire(0.001)
	lock.release()
	assert lock.acquire(0.001)
	lock.release()


def test_turns_come_in_the_order_of_asking() -> None:
	lock = FifoLock()
	lock.acquire(1)
	order: list[int] = []

	def ask(number: int) -> None:
		assert lock.acquire(30)
		order.append(number)
		lock.release()

	threads = []
	for number in range(5):
		thread = threading.Thread(target=ask, args=(number,))
		thread.start()
		threads.append(thread)
		while lock.waiting <= number:
			thread.join(0.001)
	lock.release()
	for thread in threads:
		thread.join(30)
	assert order == [0, 1, 2, 3, 4]


def test_no_turn_is_lost_between_many_threads() -> None:
	lock = FifoLock()
	counted = 0

	def count() -> None:
		nonlocal counted
		for _ in range(500):
			while not lock.acquire(0.0001):
				pass
			counted += 1
			lock.release()

	threads = [threading.Thread(target=count) for _ in range(6)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join(60)
	assert counted == 3000
	assert lock.acquire(0.001)
