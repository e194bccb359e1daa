"""What the environment says is heeded, but read once."""

import pytest
import requests
import responses

from wuzapi_chatwoot import http_pool
from wuzapi_chatwoot.http_pool import PooledHttp


@pytest.fixture(autouse=True)
def _forget() -> None:
	http_pool._proxies_of.cache_clear()


def settings_for(http: requests.Session, url: str) -> dict:
	return http.merge_environment_settings(url, {}, False, None, None)


def test_a_proxy_of_the_environment_is_used_except_where_it_says_not(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setenv("http_proxy", "http://proxy.example.com:3128")
	monkeypatch.setenv("no_proxy", "inside.example.com")
	http = PooledHttp()
	assert (
		settings_for(http, "http://chat.example.com/api")["proxies"]["http"]
		== "http://proxy.example.com:3128"
	)
	assert "http" not in settings_for(http, "http://inside.example.com/api")["proxies"]
	assert "http" not in settings_for(PooledHttp(use_proxies=False), "http://chat.example.com/")["proxies"]


def test_the_environment_is_asked_once_for_an_origin(monkeypatch: pytest.MonkeyPatch) -> None:
	asked: list[str] = []

	def look(origin: str) -> dict[str, str]:
		asked.append(origin)
		return {}

	monkeypatch.setattr(http_pool, "get_environ_proxies", look)
	for path in ("a", "b"):
		settings_for(PooledHttp(), f"https://chat.example.com/{path}")
	assert asked == ["https://chat.example.com"]


def test_certificates_of_the_environment_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setenv("REQUESTS_CA_BUNDLE", "company.pem")
	assert settings_for(PooledHttp(), "https://chat.example.com/")["verify"] == "company.pem"


def test_neither_cookies_nor_a_netrc_go_along(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
	netrc = tmp_path / "netrc"
	netrc.write_text("machine chat.example.com login a password b\n")
	monkeypatch.setenv("NETRC", str(netrc))
	http = PooledHttp()
	with responses.RequestsMock() as world:
		world.get("http://chat.example.com/", headers={"Set-Cookie": "a=b"})
		http.get("http://chat.example.com/")
		http.get("http://chat.example.com/")
		assert all("Authorization" not in call.request.headers for call in world.calls)
		assert all("Cookie" not in call.request.headers for call in world.calls)
