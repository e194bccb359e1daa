"""What bench's commands share: the site's database around each, `--json`, and how mistakes are told."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
import frappe
from frappe.commands import get_site, pass_context

AS_JSON = click.option("--json", "as_json", is_flag=True, help="For scripts.")


def on_site(command: Callable[..., None]) -> Any:
	"""With the site's database, as Administrator; what was wrong is told in a sentence."""

	@wraps(command)
	def run(context: Any, *args: Any, **kwargs: Any) -> None:
		frappe.init(site=get_site(context))
		try:
			frappe.connect()
			frappe.set_user("Administrator")
			command(*args, **kwargs)
			frappe.db.commit()  # nosemgrep - the end of a command
		except (frappe.ValidationError, frappe.DoesNotExistError) as error:
			click.echo(frappe.utils.strip_html(str(error)), err=True)
			sys.exit(1)
		finally:
			frappe.destroy()

	return pass_context(run)


def show(rows: Any, as_json: bool, line: Callable[[Any], str]) -> None:
	if as_json:
		click.echo(json.dumps(rows, default=str, ensure_ascii=False, indent=1))
		return
	for row in rows:
		click.echo(line(row))
