"""The shapes of everything that is read from definition files: frozen, extra keys refused."""
