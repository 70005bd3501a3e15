"""The base form, the Thai fields and their error sentences."""
