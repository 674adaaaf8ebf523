"""For each feature of project work: what one row of it needs, and a call of each operation."""
