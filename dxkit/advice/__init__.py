"""What to ask next and what to change: advice worked out by asking the one engine again."""
