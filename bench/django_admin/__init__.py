"""A plain Django admin on the tables of Sala's organizations and proposals, to be measured beside Sala.

Written as anybody would write it: unmanaged models, ModelAdmin with list_display, list_filter, search_fields and
list_select_related, nothing tuned, nothing slowed. Needs requirements-dev.txt; no part of Sala uses it.
"""
