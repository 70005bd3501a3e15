"""Facts about Thailand that change by law, not by an administrator: provinces, titles; and passwords everyone tries."""
