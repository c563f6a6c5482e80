"""What one person sees of one case: by role, by path, at a moment, and by the journal."""
