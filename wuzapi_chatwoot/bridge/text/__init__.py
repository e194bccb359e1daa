"""Text that people read: marks and Markdown, vCards, map links, lines for what cannot be shown, times. Imports `model` only."""
