"""What runs outside a request: sending, renders, sweeping; all of it rows first, so that nothing is lost."""
