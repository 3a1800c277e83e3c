"""The commands of `omr`, one module each: its options, and what it does with them. The work itself is imported when called."""
