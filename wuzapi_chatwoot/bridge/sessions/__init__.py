"""The life of a session: set up, choose options, connect, pair, watch, say how it stands."""
