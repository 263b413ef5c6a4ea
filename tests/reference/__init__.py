"""The published F# compiler as the judge of expected outputs."""
