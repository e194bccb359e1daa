"""What is remembered for a while, in Redis: progress, marks, wake-ups."""
