"""Figures: programs with their C twins, budgets of the compiler, and what measures them."""
