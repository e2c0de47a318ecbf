"""The duties of a contact in the flow: a line each while it is typed; a stop asks before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from db import engagements, prompts
from db.engagements import Duty
from db.rules import vocabulary
from tui.asking import Asking
from tui.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.events import Key
    from textual.widget import Widget

    from db.vault.store import Store
    from tui.engagement.form import NewEngagement

_KEYS = {
    prompts.STAFF: {"y": "he is: wipe this and show whom to go to", "n": "he is not: save"},
    "threat_to_life": {"d": "done, the duty inspector knows: save"},
    engagements.UNDER_18: {"k": "keep what is known of the man, wipe the rest", "n": "she is 18 or over"},
}
STAFF_KEY = "!"
_BACK = "Esc back to the form"


class Stop(Asking[str]):
    """A stop over the form: its sentence, and the keys that answer it."""

    def __init__(self, duty: Duty, keys: dict[str, str]) -> None:
        super().__init__()
        self._duty = duty
        self._keys = keys

    def body(self) -> Iterable[Widget]:
        """Return the sentence and the keys."""
        yield Static(f"!! {self._duty.says}", markup=False)
        for key, what in self._keys.items():
            yield Static(f"{key} {what}", classes="keys", markup=False)
        yield Static(_BACK, classes="keys", markup=False)

    def on_key(self, event: Key) -> None:
        """Answer."""
        if event.key in self._keys:
            event.stop()
            self.dismiss(event.key)


class Stops:
    """Says a form's duties, and asks what must be answered before it is saved."""

    def __init__(self, form: NewEngagement) -> None:
        self._form = form

    async def draw(self) -> None:
        """Say in a line each what is typed speaks for."""
        form = self._form
        found = await form.ask(engagements.duties, form.sheet.typed())
        if found is None or not form.is_attached:
            return
        answered = form.sheet.answered
        shown = form.query_one("#duties", Shown)
        lines = [f"{'!!' if one.asked else '!'} {one.says}" for one in found if one.code not in answered]
        shown.say("\n".join(lines))
        shown.display = bool(lines)

    async def staff(self) -> None:
        """Answer the ``!`` in Concerns: he is police or partner staff, so that nothing of this may stay."""
        duty = Duty(prompts.STAFF, vocabulary.stop(prompts.STAFF), asked=True)
        keys = {"y": "wipe this and show whom to go to", "n": "he is not"}
        if await self._answered(prompts.STAFF, await self._form.app.push_screen_wait(Stop(duty, keys))):
            concerns = self._form.field("concerns")
            concerns.value = concerns.value.replace(STAFF_KEY, "")

    async def may_save(self) -> bool:
        """Ask what must be answered; tell whether the form is to be saved."""
        form = self._form
        found = await form.ask(engagements.duties, form.sheet.typed())
        if found is None:
            return False
        for duty in found:
            if duty.asked and duty.code not in form.sheet.answered:
                typed_age = duty.code == engagements.UNDER_18 and len(found) == 1 and bool(form.sheet.new)
                keys = {k: v for k, v in _KEYS[duty.code].items() if not (typed_age and k == "n")}
                answer = await form.app.push_screen_wait(Stop(duty, keys))
                if not await self._answered(duty.code, answer):
                    return False
        return True

    async def _answered(self, code: str, answer: str | None) -> bool:
        if answer is None:
            return False
        if answer in ("y", "k"):
            await self._wipe(answer)
            return False
        self._form.sheet.answered.append(code)
        return True

    async def _wipe(self, answer: str) -> None:
        """Wipe the draft, whatever a pause is about to keep, and say what is to be done instead."""
        form = self._form
        form.keeper.rest()
        gone = form.beech.drafts.gone
        gone.add(form.draft)
        if answer == "y":
            said = await form.ask(engagements.take_out, form.draft, max(1, len(form.sheet.events())))
        else:
            said = await form.ask(_keep_the_man, form.sheet.text("said"), form.draft)
        if said is None:
            gone.discard(form.draft)
        else:
            await self._wiped(said)

    async def _wiped(self, said: str) -> None:
        self._form.beech.drafts.saved(self._form.draft)
        await self._form.begin_anew()
        self._form.say(said, alarm=True)


def _keep_the_man(store: Store, said: str, draft: str) -> str:
    kept = engagements.keep_the_man(store, said, draft)
    man = f"Kept of him: {kept}. " if kept else "Nothing was said of a man. "
    return f"{man}Nothing of her is kept: make the child-protection referral now."
