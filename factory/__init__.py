"""The build engine. It decides whether, when and where a step runs, and knows nothing of video.

The way in is `factory.step` (what recipes describe) and `factory.target` (what doit is told);
everything else exists to run those: `keys`, `store`, `state`, `scheduler`, `commands`.
"""
