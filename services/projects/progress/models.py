"""Tables of 进度与真实性."""
