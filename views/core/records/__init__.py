"""Generated pages of every declared entity, and what entities are called."""
