"""doit's commands as this project has them, one module each."""
