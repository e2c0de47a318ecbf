"""A record over its list: its fields, what hangs on it, and what can be done with it."""

from tui.record.view import RecordView, open_record

__all__ = ["RecordView", "open_record"]
