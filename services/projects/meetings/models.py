"""Tables of 调度会."""
