"""Realtime updates to open forms and lists: ids only, after the commit."""
