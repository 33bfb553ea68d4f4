"""Programs for those who work on Dopply; the portal itself needs none of them but serve."""
