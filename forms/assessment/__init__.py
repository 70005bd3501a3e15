"""What is typed into the registry's pages, before it means anything."""
