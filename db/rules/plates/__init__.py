"""Vehicle registration marks: formats, folding, and what a half-seen plate may have been.

A pattern is letters and digits with "?" (one unknown), "*" (any run), "[AB]" (one of these) and a leading "~"
(these characters, in any order). Formats and look-alikes: domain.md 8.1 and 8.2.
"""

from db.rules.plates.fits import Fit, compare, fits
from db.rules.plates.formats import clean, fold, formats
from db.rules.plates.patterns import known, pattern, symbols

__all__ = ["Fit", "clean", "compare", "fits", "fold", "formats", "known", "pattern", "symbols"]
