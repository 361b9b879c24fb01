"""Vectors that ports are checked against, step by step, and the checker; it needs numpy only (docs/porting.md)."""
