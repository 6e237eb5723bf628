"""One content mode per module, found by entry point, so that a mode of your own is a package of your own."""
