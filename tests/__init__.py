"""Everything that judges the compiler."""
