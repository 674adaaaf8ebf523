"""Tables of 销号."""
