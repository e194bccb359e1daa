"""Threads: dispatcher, watcher, housekeeping."""
