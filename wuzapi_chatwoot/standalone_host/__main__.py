"""The command `wuzapi-chatwoot`. Reads the settings, starts the service; wrong settings end with exit code 2."""

from __future__ import annotations

import os
import signal
import socket
import sys
from typing import NoReturn

import click
import structlog
import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from wuzapi_chatwoot import __version__
from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.standalone_host.commands.event_commands import events
from wuzapi_chatwoot.standalone_host.commands.session_commands import doctor, sessions
from wuzapi_chatwoot.standalone_host.config.data_folder import (
	DataFolderUnusable,
	hold_data_folder,
	hold_database,
)
from wuzapi_chatwoot.standalone_host.config.settings import Settings, SettingsError, read_settings
from wuzapi_chatwoot.standalone_host.registry.session_store import SessionStoreUnusable
from wuzapi_chatwoot.standalone_host.telemetry.logs import set_up_logs
from wuzapi_chatwoot.standalone_host.web.app import create_app
from wuzapi_chatwoot.standalone_host.web.connection_limits import impatient
from wuzapi_chatwoot.standalone_host.wiring.host import wire
from wuzapi_chatwoot.standalone_host.workers.memory import give_back_freed_memory

_WRONG_SETTINGS = 2


@click.group()
@click.version_option(__version__, prog_name="wuzapi-chatwoot")
def main() -> None:
	"""The bridge between WhatsApp gateways and Chatwoot, on embedded SQLite."""


@main.command()
def serve() -> None:
	"""Receive webhooks and relay messages until told to stop (SIGTERM, Ctrl-C)."""
	try:
		settings = read_settings()
	except SettingsError as error:
		_refuse(error.sentences)
	give_back_freed_memory()
	set_up_logs(settings.log_level, settings.log_format)
	for warning in settings.warnings:
		structlog.get_logger().warning("settings", warning=warning)
	try:
		with hold_data_folder(settings.data_dir), hold_database(settings.database_url):
			_serve(settings)
	except DataFolderUnusable as error:
		_refuse([str(error)])


main.add_command(sessions)
main.add_command(events)
main.add_command(doctor)


def _serve(settings: Settings) -> None:
	with _listen(settings) as listener:
		settings = settings.at_port(listener.getsockname()[1])
		try:
			host = wire(settings)
		except StoreUnavailable as error:
			_refuse([f"The database cannot be used: {error}; look at DATABASE_URL and DATA_DIR."])
		except SessionStoreUnusable as error:
			_refuse([str(error)])
		for name in host.sessions.hidden:
			structlog.get_logger().warning(
				"settings",
				warning=f"Session {name!r} of sessions.json is left out: the environment or SESSIONS_FILE has one of that name.",
			)
		config = uvicorn.Config(
			create_app(host),
			lifespan="on",
			log_config=None,
			access_log=False,
			server_header=False,
			http=impatient(AutoHTTPProtocol),
			# Requests being answered when the end is asked for get this long, in seconds.
			timeout_graceful_shutdown=10,
		)
		server = uvicorn.Server(config)

		def end(*_: object) -> None:
			server.should_exit = True

		# uvicorn has handlers of its own while it runs, and raises the signal once more when it has stopped in good
		# order. These are for that, and for the moments before.
		for number in (signal.SIGTERM, signal.SIGINT):
			signal.signal(number, end)
		structlog.get_logger().info("listening", host=settings.host, port=listener.getsockname()[1])
		try:
			server.run(sockets=[listener])
		finally:
			if host.at_work or host.health.busy:
				# Somebody hangs on a call that nothing can cut short. It is as good as a crash: the lease is freed at
				# the next start, and the work done again. Waiting here would only bring the harder signal.
				sys.stdout.flush()
				os._exit(0)


def _listen(settings: Settings) -> socket.socket:
	family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
	# The protocol is named: asyncio switches off the delaying of small packets (some 40 ms an answer) only then.
	listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
	try:
		listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		listener.bind((settings.host, settings.port))
		listener.listen(2048)
	except OSError as error:
		listener.close()
		reason = str(error.strerror).partition(" (while")[0]
		_refuse([f"Cannot listen on {settings.host} port {settings.port} ({reason}); set HOST or PORT."])
	return listener


def _refuse(sentences: list[str]) -> NoReturn:
	for sentence in sentences:
		click.echo(sentence, err=True)
	sys.exit(_WRONG_SETTINGS)


if __name__ == "__main__":
	main(prog_name="wuzapi-chatwoot")
