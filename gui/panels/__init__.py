"""The panels around the page."""
