"""The screens. A screen collects what is typed, calls one function of ``db``, shows what comes back.

How a screen is written: subclass ``tui.subject.Subject`` (or ``Over`` for what opens over another), name it
with ``NAME``, compose its widgets, and do every call with ``await self.ask(function, ...)`` inside a worker:
the function gets a Store of its own thread, and an error of ``db`` becomes a sentence on the screen, and None
comes back. What is typed and not saved is handed over by ``unsaved()``, so that no lock or crash loses it.
Style stands in ``app.tcss`` alone; every ``Static`` is given ``markup=False``.
"""
