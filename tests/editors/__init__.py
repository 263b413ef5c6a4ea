"""What is in `editors/`."""
