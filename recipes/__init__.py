"""How each target of a video is made: one module per target, in the order of the chain.

    script → audio → blocks → subs → final

A recipe describes steps (`factory.step`) and never runs them: it knows nothing of caches, pools or retries.
"""
