"""Puts the bridge together for a request or job of this site."""
