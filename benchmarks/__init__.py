"""How fast Dopply is beside what a good engineer writes in a hurry: `make bench`, explained in docs/performance.md."""
