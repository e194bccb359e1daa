"""`events …`: what was given up is looked at, and tried again."""

from __future__ import annotations

from standalone.command_world import Terminal
from standalone_world import a_dead_event, world_in


def test_events_are_listed_shown_and_replayed(tmp_path):
	with world_in(tmp_path / "data") as world:
		terminal = Terminal(world)
		assert terminal("events", "list").stdout == "No event is dead.\n"
		dead = a_dead_event(world)
		assert terminal("events", "list").stdout.rstrip().endswith("front-desk Message: Chatwoot refused it")
		shown = terminal("events", "show", str(dead)).stdout
		assert "state: dead" in shown
		assert "2026-03-02T09:00:01+00:00 dead: Chatwoot refused it" in shown
		assert terminal.json("events", "list", "--limit", "1", "--before", str(dead)) == {"events": []}
		assert terminal("events", "replay", str(dead)).stdout == f"{dead} waits again\n"
		again = terminal("events", "replay", str(dead))
		assert (again.exit_code, again.stderr) == (1, "There is no dead or ignored event of that id\n")
		assert terminal("events", "show", "0").stderr == "The bridge refused this (status 422).\n"
