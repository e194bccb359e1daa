"""Who the administrators of a group are, kept for minutes. Shared by all clients of a process; asks nobody itself."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from threading import Lock

from wuzapi_chatwoot.bridge.model.addresses import Address

KEPT_SECONDS = 300.0
# Somebody may have become one just now: a no holds only as long as one and the same person deletes many messages.
NO_KEPT_SECONDS = 10.0
MOST_GROUPS = 512


class GroupAdmins:
	"""Thread-safe. `monotonic` counts seconds."""

	def __init__(
		self, monotonic: Callable[[], float] = time.monotonic, *, most_groups: int = MOST_GROUPS
	) -> None:
		self._monotonic = monotonic
		self._most_groups = most_groups
		self._lock = Lock()
		self._groups: OrderedDict[tuple[str, Address], tuple[float, frozenset[Address]]] = OrderedDict()

	def is_one(
		self,
		owner: str,
		group: Address,
		addresses: Collection[Address],
		read: Callable[[], Iterable[Address]],
	) -> bool:
		"""Is one of the addresses an administrator's? From `read` if that is not known. What it raises is not kept."""
		now = self._monotonic()
		with self._lock:
			read_at, admins = self._groups.get((owner, group), (now - KEPT_SECONDS, frozenset()))
		age = now - read_at
		found = not admins.isdisjoint(addresses)
		if age < (KEPT_SECONDS if found else NO_KEPT_SECONDS):
			return found
		# Not under the lock: reading takes as long as a gateway takes.
		admins = frozenset(read())
		with self._lock:
			self._groups[(owner, group)] = (now, admins)
			self._groups.move_to_end((owner, group))
			while len(self._groups) > self._most_groups:
				self._groups.popitem(last=False)
		return not admins.isdisjoint(addresses)


GROUP_ADMINS = GroupAdmins()
