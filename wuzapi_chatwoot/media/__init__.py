"""Voice notes, films and stickers, made from the files that people send. Knows no gateway."""
