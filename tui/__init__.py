"""The terminal screens: a screen collects, calls one function of db, shows."""
