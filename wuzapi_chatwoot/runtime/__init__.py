"""What both hosts run the bridge with: clock and ids, lease renewal, the doctor's webhook probe. Threads are given by the host."""
