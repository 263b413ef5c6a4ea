"""Figures with bounds: sizes, times as ratios, the same bytes twice."""
