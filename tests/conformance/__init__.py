"""Awkward notebooks, and what becomes of them on one engine and on another."""
