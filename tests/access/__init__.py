"""Every route x every kind of user x own and foreign record, against the permission table and who sees what.

What is expected comes from `models/core/reference/permissions/*.csv` and from `SEES` in `tests.access.table` (spec:
fund.md 1, "What each sees"), never from the views themselves. A route that is in neither `core_routes` nor
`fund_routes` fails the first test of `test_access`.
"""
