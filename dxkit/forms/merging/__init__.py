"""What a returned form changes: compared with what was sent and what is there now, then applied."""
