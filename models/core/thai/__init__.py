"""Thai rules as pure functions: text, dates, money, citizen IDs, telephone numbers, coordinates.

They return values or raise an error with a code; sentences about it are made at the edge (forms/core).
"""
