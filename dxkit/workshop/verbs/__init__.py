"""What a page may ask, each verb with its answer."""
