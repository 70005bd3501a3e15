"""One person's data: what is kept of them, what can be erased, and what they ask (spec: README.md, PDPA B.E. 2562)."""
