"""What the bridge does, one verb per module. Each takes a `Bridge` (the ports) and typed values."""
