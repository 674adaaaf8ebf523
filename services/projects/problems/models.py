"""Tables of 问题与决策."""
