"""Tables of 一项目一策."""
