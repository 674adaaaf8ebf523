"""Tables of 督办."""
