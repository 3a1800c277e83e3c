"""Batches: many files converted by warm worker processes, one outcome each, whatever happens to any of them."""
