"""Puts the bridge together for this host."""
