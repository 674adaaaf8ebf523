"""Tables of 质量与安全."""
