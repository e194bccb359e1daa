"""Figures that are read from the store and the breakers when Prometheus asks, not counted as they happen."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.model.records import EventState


class StoreCollector(Collector):
	def __init__(self, bridge: Bridge) -> None:
		self._bridge = bridge

	def describe(self) -> list[Metric]:
		# Nothing to be read while registering.
		return []

	def collect(self) -> Iterator[Metric]:
		try:
			counts = self._bridge.store.count_events()
			oldest = self._bridge.store.oldest_waiting()
		except StoreUnavailable:
			return
		events = GaugeMetricFamily("wuzapi_chatwoot_events", "Events in the durable inbox", labels=["state"])
		for state in (EventState.WAITING, EventState.DEAD):
			events.add_metric([state.value], counts.get(state, 0))
		yield events
		age = (self._bridge.clock.now() - oldest).total_seconds() if oldest else 0.0
		yield GaugeMetricFamily(
			"wuzapi_chatwoot_oldest_waiting_seconds", "Age of the oldest waiting event", value=max(age, 0.0)
		)
		yield GaugeMetricFamily(
			"wuzapi_chatwoot_breakers_open",
			"Destinations that are left alone",
			value=sum(breaker.open for breaker in self._bridge.breakers.states()),
		)


class BreakerCollector(Collector):
	"""With the names of destinations, which are not for everybody."""

	def __init__(self, bridge: Bridge) -> None:
		self._bridge = bridge

	def describe(self) -> list[Metric]:
		return []

	def collect(self) -> Iterator[Metric]:
		breakers = GaugeMetricFamily(
			"wuzapi_chatwoot_breaker_open", "1 while a destination is left alone", labels=["destination"]
		)
		for breaker in self._bridge.breakers.states():
			breakers.add_metric([breaker.destination], float(breaker.open))
		yield breakers
