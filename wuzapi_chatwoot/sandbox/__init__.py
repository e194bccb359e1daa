"""A simulated WhatsApp gateway and a simulated Chatwoot over real HTTP, with one page to drive both.

For the demo, the end-to-end tests, the fault tests and the benchmarks. It stands for the outside world: it
imports nothing of the bridge, and the bridge imports nothing of it.

	python -m wuzapi_chatwoot.sandbox            three servers: page and control, gateway, Chatwoot
	python -m wuzapi_chatwoot.sandbox demo       the same, and the bridge as a child process

What can be asked of it is described in `control/__init__.py`. From Python, `process.SandboxProcess` starts one,
reads its addresses and stops it.

Not here: anything that a real installation needs.
"""
