"""Text to syntax tree: tokens with trivia, the offside rule as a pass of its own, then a parser
that recovers."""
