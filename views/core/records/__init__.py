"""Generated pages of every declared entity, and what entities are called.

`words` says what things are called, `asked` reads an address, `listed` makes a page of a list, `view` is the base of
every entity's view, `tools` serves what all lists share, `pages` puts them into the application.
"""
