"""What every mode draws with: stills, motion, transitions, and the way from a graph to an encoder."""
