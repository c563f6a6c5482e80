"""How values stand on forms: printed so that nothing is lost, read as people write them."""
