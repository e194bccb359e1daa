"""The command `wuzapi-chatwoot`. Reads the settings, starts the service; wrong settings end with exit code 2."""

from __future__ import annotations

import signal
import socket
import sys
from typing import NoReturn

import click
import structlog
import uvicorn

from .. import __version__
from ..bridge.errors import StoreUnavailable
from .app import create_app
from .data_folder import DataFolderBusy, hold_data_folder
from .logs import set_up_logs
from .settings import Settings, SettingsError, read_settings
from .wiring import wire

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
	set_up_logs(settings.log_level, settings.log_format)
	for warning in settings.warnings:
		structlog.get_logger().warning("settings", warning=warning)
	try:
		with hold_data_folder(settings.data_dir):
			_serve(settings)
	except (DataFolderBusy, StoreUnavailable, OSError) as error:
		_refuse([str(error)])


def _serve(settings: Settings) -> None:
	try:
		listener = socket.create_server((settings.host, settings.port), backlog=2048)
	except OSError as error:
		_refuse(
			[f"Cannot listen on {settings.host} port {settings.port} ({error.strerror}); set HOST or PORT."]
		)
	config = uvicorn.Config(
		create_app(wire(settings)),
		log_config=None,
		access_log=False,
		server_header=False,
		# Requests being answered when the end is asked for get this long, in seconds.
		timeout_graceful_shutdown=10,
	)
	# uvicorn stops on SIGTERM in good order and then raises it once more; by then there is nothing left to stop.
	signal.signal(signal.SIGTERM, lambda number, frame: None)
	structlog.get_logger().info("listening", host=settings.host, port=listener.getsockname()[1])
	uvicorn.Server(config).run(sockets=[listener])


def _refuse(sentences: list[str]) -> NoReturn:
	for sentence in sentences:
		click.echo(sentence, err=True)
	sys.exit(_WRONG_SETTINGS)


if __name__ == "__main__":
	main(prog_name="wuzapi-chatwoot")
