"""The windows that open on request."""
