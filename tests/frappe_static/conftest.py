"""Says in one line that the tests which need a bench did not run."""

import os


def pytest_terminal_summary(terminalreporter):
	if not os.environ.get("FRAPPE_BENCH"):
		terminalreporter.line("The bench tests did not run: make test-frappe FRAPPE_BENCH=… SITE=…")
