"""The SQLite store and its in-memory twin, driven alike; `test_twins` says with what."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from wuzapi_chatwoot.standalone_host.storage.store import SqlStore
from wuzapi_chatwoot.testkit.twins.clock import START
from wuzapi_chatwoot.testkit.twins.memory.store import MemoryStore


class TwinStores(RuleBasedStateMachine):
	def __init__(self) -> None:
		super().__init__()
		self.folder = tempfile.TemporaryDirectory()
		self.sql = SqlStore.open(f"sqlite:///{Path(self.folder.name) / 'x.sqlite'}")
		self.memory = MemoryStore()
		self.now = START
		# ids in the one store → ids in the other
		self.ids: dict[str, list[tuple[int, int]]] = {
			"event": [],
			"contact": [],
			"conversation": [],
			"message": [],
		}

	def teardown(self) -> None:
		self.sql.close()
		self.folder.cleanup()

	def both(self, method: str, *arguments: Any, **named: Any) -> Any:
		"""Call both; their answers must be the same."""
		answers = [getattr(store, method)(*arguments, **named) for store in (self.sql, self.memory)]
		assert self.comparable(answers[0], 0) == self.comparable(answers[1], 1)
		return answers

	def both_places(self, method: str, *arguments: Any) -> None:
		"""Call both, where the answer is a list of conversations' numbers."""
		places = [
			sorted(self.place("conversation", id, number) for id in getattr(store, method)(*arguments))
			for number, store in enumerate((self.sql, self.memory))
		]
		assert places[0] == places[1]

	def on(
		self,
		kind: str,
		place: int,
		method: str,
		*arguments: Any,
		refused: type[Exception] | tuple[()] = (),
		**named: Any,
	) -> None:
		"""Call both for a row of theirs; `refused`: what both may raise, and then both must."""
		if self.ids[kind]:
			ids = self.ids[kind][place % len(self.ids[kind])]
			answers: list[Any] = []
			for store, id in zip((self.sql, self.memory), ids, strict=True):
				try:
					answers.append(getattr(store, method)(id, *arguments, **named))
				except refused as error:
					answers.append(type(error))
			assert self.comparable(answers[0], 0) == self.comparable(answers[1], 1)

	def comparable(self, answer: Any, store: int) -> Any:
		"""Rows with their numbers replaced by their places."""
		if isinstance(answer, list):
			return [self.comparable(each, store) for each in answer]
		if hasattr(answer, "whatsapp_id"):
			answer = replace(answer, conversation=self.place("conversation", answer.conversation, store))
		if hasattr(answer, "contact"):
			answer = replace(answer, contact=self.place("contact", answer.contact, store))
		if hasattr(answer, "id"):
			answer = replace(answer, id=0)
		return answer

	def place(self, kind: str, id: int, store: int) -> int:
		return [pair[store] for pair in self.ids[kind]].index(id)

	def remember(self, kind: str, rows: Sequence[Any]) -> None:
		pair = (rows[0].id, rows[1].id)
		if pair not in self.ids[kind]:
			self.ids[kind].append(pair)

	def moment(self, seconds: int) -> datetime:
		return START + timedelta(seconds=seconds)
