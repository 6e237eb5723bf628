"""Reading what a person wrote: YAML that knows where it stands, merged, and checked against a JSON Schema.

Nothing here knows what a spec is about. Every mistake is a `Problem` with its file, line and column, and all of
them are reported together.
"""
