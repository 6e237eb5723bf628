"""What blocks are made with."""


def shout(text: str) -> str:
    """Louder."""
    return text.upper()
