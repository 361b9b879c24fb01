"""Conformance: the vectors that ports are checked against, and the checker; it needs numpy only (docs/porting.md)."""
