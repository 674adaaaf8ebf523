"""Tables of 企业档案."""
