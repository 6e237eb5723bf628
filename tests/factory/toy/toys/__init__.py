"""The recipes of the toy project."""
