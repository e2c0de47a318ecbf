"""Plain rules on plain values: no database, no clock, no input or output."""
