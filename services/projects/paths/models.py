"""Tables of 化解路径与诉讼."""
