"""Tests of the ranges of integers and of the checks that they prove."""
