"""Tables of 线索移交."""
