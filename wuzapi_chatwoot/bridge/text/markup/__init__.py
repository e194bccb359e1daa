"""WhatsApp's marks and Markdown, as Chatwoot shows it: the same text, read the same way, in both.

This is the only module of the folder that others import.

- `to_markdown`: WhatsApp text for Chatwoot. `*b* _i_ ~s~` become `**b** _i_ ~~s~~`; code, lists (`- x`, `* x`,
  `1. x`) and quotes (`> x`) mean the same in both and stay. What Markdown alone would take for a mark gets a
  backslash, and only that: plain sentences stay byte for byte as they are. A blank line is put after a quote.
- `to_whatsapp`: what agents write, or what `to_markdown` wrote, for WhatsApp. A link becomes `text (url)`, a
  heading a bold line. A mark that WhatsApp would not see (`foo**bar**baz`) is left out, its text stays.
- `escape`: a name that is put into Markdown.

Web addresses are never touched, neither escaped nor marked.

`to_whatsapp(to_markdown(text)) == text` for every text, but that

- line ends are `\\n` (not `\\r\\n` nor `\\r`), and
- blanks and tabs at a line's end are gone outside blocks of code: to Markdown they are a line break.

WhatsApp has no escapes: a literal `\\*x\\*` of an agent shows as bold on the phone. A block of code over several
lines counts as one only if it has its lines to itself. All three take any text, never raise and need time in
proportion to its length.
"""

from __future__ import annotations

from wuzapi_chatwoot.bridge.text.markup.to_markdown import escape, to_markdown
from wuzapi_chatwoot.bridge.text.markup.to_whatsapp import to_whatsapp

__all__ = ["escape", "to_markdown", "to_whatsapp"]
