"""Annex 2 as a toolbox: one module per chapter, each function one table, figure or passage."""
