"""Tests of everything after MLIR text."""
