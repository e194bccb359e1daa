"""Measures the bridge as it runs: real processes, real HTTP on loopback, a real file on the disk.

	python -m benchmarks                        everything, as a Markdown report
	python -m benchmarks --quick                everything, small: does it still run?
	python -m benchmarks acknowledgement --seconds 10

Each section is a module with a TITLE and a `run`. What the figures mean stands in README.md.

Not here: assertions. A figure is read by people; what must hold on every machine is tested in `tests/`.
"""
