"""Short made-up pieces full of what is rare in bars: odd lengths, odd divisions, many voices."""
