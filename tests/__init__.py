"""Tests, in the shape of `app/`: a package, so that tests share factories and databases by import."""
