"""From YAML to `Video`: what a person wrote, checked and with every default filled in."""
