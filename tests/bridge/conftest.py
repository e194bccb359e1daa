"""Fixtures of the use cases' tests."""

import pytest
from bridge.proof_world import Path
from bridge_world import World, new_world


@pytest.fixture
def world() -> World:
	return new_world()


@pytest.fixture
def path(world: World) -> Path:
	return Path(world)
