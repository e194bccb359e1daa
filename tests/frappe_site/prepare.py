"""Puts this checkout into a bench, if it is not there, and onto a site: links, installs, migrates. Changes no other app."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

APP = "wuzapi_chatwoot"
ROOT = Path(__file__).resolve().parents[2]


def another_checkout(link: Path) -> str:
	return (
		f"The bench uses another checkout of this app than the one you are in:\n"
		f"  the bench's:  {link.resolve()}\n"
		f"  this one:     {ROOT}\n"
		f"Its site would be tested with that code. Either run make test-frappe there, or let the bench use this one:\n"
		f"  mv {link} {link.parent.parent / (APP + '.before')} && ln -s {ROOT} {link}\n"
		f"and run it again."
	)


def build(bench: Path) -> None:
	"""The desk's scripts and styles, as the pages load them."""
	python = bench / "env" / "bin" / "python"
	command = [python, "-m", "frappe.utils.bench_helper", "frappe", "build", "--production", "--app", APP]
	subprocess.run(command, cwd=bench / "sites", check=True, stdout=subprocess.DEVNULL)


def main(bench: Path, site: str) -> None:
	sites, python = bench / "sites", bench / "env" / "bin" / "python"
	if not (sites / site / "site_config.json").is_file():
		sys.exit(f"There is no site {site} in {bench}: make one for tests, with bench new-site")
	link = bench / "apps" / APP
	if not link.exists():
		link.symlink_to(ROOT)
	if link.resolve() != ROOT:
		sys.exit(another_checkout(link))
	found = subprocess.run(
		[python, "-c", f"import {APP}; print({APP}.__file__)"], cwd=sites, capture_output=True, text=True
	)
	if found.returncode or Path(found.stdout.strip()).resolve().parents[1] != ROOT:
		subprocess.run([python, "-m", "pip", "install", "-q", "-e", link], check=True)
	apps = (sites / "apps.txt").read_text().split()
	if APP not in apps:
		(sites / "apps.txt").write_text("\n".join([*apps, APP]) + "\n")
	frappe = [python, "-m", "frappe.utils.bench_helper", "frappe", "--site", site]
	installed = subprocess.run([*frappe, "list-apps"], cwd=sites, check=True, capture_output=True, text=True)
	step = ["migrate"] if APP in installed.stdout else ["install-app", APP]
	subprocess.run([*frappe, *step], cwd=sites, check=True, stdout=subprocess.DEVNULL)
	subprocess.run([*frappe, "set-config", "allow_tests", "true"], cwd=sites, check=True)


if __name__ == "__main__":
	main(Path(sys.argv[1]).resolve(), sys.argv[2])
