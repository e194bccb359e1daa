"""What the desk asks and does with conversations and messages."""
