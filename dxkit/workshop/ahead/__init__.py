"""What a sitting works out from the answers: results, what to ask, what if, the last meeting."""
