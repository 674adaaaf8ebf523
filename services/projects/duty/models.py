"""Tables of 包抓与专班."""
