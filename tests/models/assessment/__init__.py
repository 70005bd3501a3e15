"""Tests of the registry for assessment instruments."""
