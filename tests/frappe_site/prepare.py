"""Puts this checkout into a bench, if it is not there, and onto a site: links, installs, migrates. Changes no other app."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

APP = "wuzapi_chatwoot"
ROOT = Path(__file__).resolve().parents[2]


def main(bench: Path, site: str) -> None:
	sites, python = bench / "sites", bench / "env" / "bin" / "python"
	if not (sites / site / "site_config.json").is_file():
		sys.exit(f"There is no site {site} in {bench}: make one for tests, with bench new-site")
	link = bench / "apps" / APP
	if not link.exists():
		link.symlink_to(ROOT)
	if link.resolve() != ROOT:
		sys.exit(f"{link} is another checkout of this app")
	if subprocess.run([python, "-c", f"import {APP}"], cwd=sites, capture_output=True).returncode:
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
