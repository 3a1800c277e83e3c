"""The desktop application: a document, its pages beside the music read from them, and what a person corrects."""
