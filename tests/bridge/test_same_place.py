"""When a token that was entered for one address may be sent to another."""

import pytest

from wuzapi_chatwoot.bridge.sessions.validation import same_place


@pytest.mark.parametrize(
	("one", "other"),
	[
		("https://chat.example.com", "https://chat.example.com/"),
		("https://chat.example.com", "https://Chat.Example.com/path"),
		("http://wuzapi:8080/a", "http://wuzapi:8080/b"),
	],
)
def test_the_same(one, other):
	assert same_place(one, other)
	assert same_place(other, one)


@pytest.mark.parametrize(
	("one", "other"),
	[
		("https://chat.example.com", "http://chat.example.com"),
		("https://chat.example.com", "https://chat.example.com:8443"),
		("https://chat.example.com", "https://chat.example.com.evil.example"),
		("https://chat.example.com", "https://evil.example/chat.example.com"),
		("https://chat.example.com", ""),
	],
)
def test_another(one, other):
	assert not same_place(one, other)
	assert not same_place(other, one)
