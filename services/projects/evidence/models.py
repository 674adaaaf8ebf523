"""Tables of 现场证据."""
