"""Where an engagement stands, what blocks its next step, and the only way it moves on."""
