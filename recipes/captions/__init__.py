"""From words with times to captions: cues, lines, styles, placement, files."""
