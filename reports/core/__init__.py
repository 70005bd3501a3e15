"""What every report shares: Thai typesetting, PDF, tables for spreadsheets, the templates' environment."""
