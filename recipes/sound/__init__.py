"""Sound below the level of targets: where things lie on the timeline, one spoken sentence, the mix and its loudness."""
