"""Generated pages of every declared entity, and what entities are called.

`words` says what things are called, `asked` reads an address, `listed` makes a page of a list, `shown` one record's;
`view` is the base of every entity's view, `tools` serves what all lists share, `exported` gives lists as files, `files`
takes files in, both in the words of `file_words`; `pages` puts them into the application.
"""
