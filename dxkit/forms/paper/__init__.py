"""What a printed form shows where, whatever program writes it: sheets, entries, tables, columns."""
