"""Scorewright's recognition: a page image becomes staves, symbols, a graph of relations, a score and a file."""

__version__ = "0.1.0"
