"""Reports: queries give rows, rows become documents (PDF, xlsx, csv)."""
