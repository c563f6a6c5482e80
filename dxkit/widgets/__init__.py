"""What the pages of a sitting show in a notebook: one widget and its browser side."""
