"""The kinds of record, field by field: those about her, and those about him."""
