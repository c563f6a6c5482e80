"""What a case says by itself: named counts, dates and culprits that rules and forms rest on."""
