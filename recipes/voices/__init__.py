"""One TTS engine per module, found by entry point, so that a voice of your own is a package of your own."""
