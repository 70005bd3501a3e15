"""The fund's papers as PDF: the proposal, the screening form, the scoring form (spec: fund.md 4, 6 and 8)."""
