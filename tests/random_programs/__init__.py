"""Random well-typed programs: drawn, packed into one compilation, made smaller when they fail."""
