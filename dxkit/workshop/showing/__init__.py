"""What a page shows, as plain data: sections, questions, tables, counts, histories."""
