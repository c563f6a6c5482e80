"""The report on the region: each module one chapter, each function one table, figure or passage."""
