"""Is the finished video right? Measured on `final.mp4` itself, by means other than those it was made with."""
