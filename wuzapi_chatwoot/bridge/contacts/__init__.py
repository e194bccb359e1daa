"""Who a chat is with, and to which message something refers: resolve, merge, refresh. Every capability may import it."""
