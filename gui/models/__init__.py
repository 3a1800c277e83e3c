"""Lists and tables of the document and of a batch, for Qt's views; they only show what others hold."""
