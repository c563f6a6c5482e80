"""The annexes as forms on paper and in Excel: out, back in, compared and applied."""
