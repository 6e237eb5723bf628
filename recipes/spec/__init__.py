"""From YAML to `Video`: what a person wrote, checked and with every default filled in."""

from recipes.spec.loading import load_videos

__all__ = ["load_videos"]
