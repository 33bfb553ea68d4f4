"""The core: arrays in, values out. No Flask, no SQL, no clock, no files opened."""
