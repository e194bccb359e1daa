"""Calls to WuzAPI: messages, media, people, groups, and what their failures mean."""
