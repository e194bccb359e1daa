"""What the command lines of both hosts share."""
