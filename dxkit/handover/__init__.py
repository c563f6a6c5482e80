"""What leaves the house: packs for the bureau, the enterprise and the archive, and their proof."""
