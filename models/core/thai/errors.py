"""The one shape of a refusal: what the rules of this package raise."""


class BadValue(ValueError):
    """A typed text that a rule cannot read: a `code`, and the `values` a sentence about it names."""

    def __init__(self, code: str, **values: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
