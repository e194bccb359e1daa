"""Settings, the data folder, the message key."""
