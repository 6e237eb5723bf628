"""What a build tells: a person on the terminal, and programs in `cache/runs/<id>/`."""
