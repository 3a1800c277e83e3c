"""Icons, drawn for this program: strokes on a grid of 24, in the colour of the text."""
