"""The world outside, each part behind one small interface with an embedded default, chosen by the settings."""
