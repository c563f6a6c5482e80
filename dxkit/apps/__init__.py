"""The workshop as a site: notebooks, served by Voila to people who hold a link and no others."""
