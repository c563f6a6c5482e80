"""How answers and rows change: from what was seen, so that nobody writes over another."""
