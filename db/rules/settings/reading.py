"""One setting's value read as it was proposed: what is wrong is said with its place, and how to mend it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from db.rules import vocabulary
from db.rules.settings.catalogue import GROUP_LEAST
from db.rules.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from db.rules.settings.catalogue import Setting

Path = tuple[str | int, ...]
_CODE = re.compile(r"[a-z0-9][a-z0-9_.+-]{0,39}")
_FORM = re.compile(r"[^\W\d_][^\W\d_'-]{0,39}")
_LINE_MOST = 300
_ITEMS_MOST = 500
_NAMES_MOST = 60
# Lists about him and about what was done to him, where words that are never held of her have their place.
_HIS = {"action", "action_result", "offence", "order_type", "outcome_code", "warning"}
_NEVER_OFFENCES = {"loitering", "soliciting", "street_offence", "prostitute_caution", "prostitutes_caution"}
_IMMIGRATION = re.compile(
    r"immigration|\bvisas?\b|\bukvi\b|border (?:force|agency)|street offences act", re.I
)


class Reading:
    """Reads values against the catalogue and gathers what is wrong, each with its path in the file."""

    def __init__(self, today: date, known: Callable[[str], Collection[str]]) -> None:
        """Read as of *today* (local); *known* gives a vocabulary's codes, those proposed with it included."""
        self.wrong: list[tuple[Path, str]] = []
        self._today = today
        self._known = known

    def read(self, setting: Setting, raw: Any) -> Any:
        """Return the value in stored form; what is wrong with it is in ``wrong`` afterwards."""
        how = {
            "whole": self._whole,
            "flag": self._flag,
            "text": self._text,
            "path": self._path,
            "texts": self._texts,
            "groups": self._groups,
            "codes": self._codes,
            "labels": self._labels,
            "words": self._words,
            "forms": self._forms,
        }[setting.type]
        return how(setting, tuple(setting.name.split(".")), raw)

    def _say(self, path: Path, rule: str) -> None:
        self.wrong.append((path, rule))

    def _whole(self, setting: Setting, path: Path, raw: Any) -> Any:
        if type(raw) is not int:
            return self._say(path, "must be a whole number")
        if setting.floor is not None and raw < setting.floor:
            return self._say(path, f"cannot be below {setting.floor}: that floor is not the unit's to loosen")
        if setting.ceiling is not None and raw > setting.ceiling:
            return self._say(path, f"cannot be above {setting.ceiling}")
        return raw

    def _flag(self, _: Setting, path: Path, raw: Any) -> Any:
        return raw if isinstance(raw, bool) else self._say(path, "must be true or false")

    def _text(self, _: Setting, path: Path, raw: Any) -> Any:
        if not isinstance(raw, str) or not one_line(raw).strip():
            return self._say(path, "must be text in quotes")
        if len(raw) > _LINE_MOST:
            return self._say(path, f"is longer than {_LINE_MOST} characters")
        return one_line(raw).strip()

    def _path(self, setting: Setting, path: Path, raw: Any) -> Any:
        from pathlib import PurePosixPath, PureWindowsPath

        said = self._text(setting, path, raw)
        if said is not None and not (
            PurePosixPath(said).is_absolute() or PureWindowsPath(said).is_absolute()
        ):
            return self._say(path, "must be a whole path, from the root or the drive on")
        return said

    def _texts(self, setting: Setting, path: Path, raw: Any) -> list[str]:
        if not isinstance(raw, list) or len(raw) > _ITEMS_MOST:
            self._say(path, f"must be a list of texts in [ ], at most {_ITEMS_MOST}")
            return []
        found: dict[str, str] = {}
        for place, item in enumerate(raw):
            said = self._text(setting, (*path, place), item)
            if said is not None and said.casefold() in found:
                self._say((*path, place), "stands there twice")
            elif said is not None:
                found[said.casefold()] = said
        return list(found.values())

    def _table(self, path: Path, raw: Any) -> Mapping[str, Any]:
        if isinstance(raw, dict):
            return raw
        self._say(path, f"must be a table: [{'.'.join(map(str, path))}], then one name = value a line")
        return {}

    def _groups(self, setting: Setting, path: Path, raw: Any) -> dict[str, list[str]]:
        sectors = {one.casefold() for one in self._known("sectors")}
        made: dict[str, list[str]] = {}
        taken: set[str] = set()
        for name, items in self._table(path, raw).items():
            here = (*path, name)
            made[name] = self._texts(setting, here, items)
            if len(made[name]) < GROUP_LEAST:
                self._say(here, f"a group has at least {GROUP_LEAST} sectors")
            for place, one in enumerate(made[name]):
                if one.casefold() not in sectors:
                    self._say((*here, place), "is none of the unit's sectors: name it under sectors first")
                elif one.casefold() in taken:
                    self._say((*here, place), "stands in another group already: groups may not overlap")
                taken.add(one.casefold())
        return made

    def _codes(self, setting: Setting, path: Path, raw: Any) -> list[str]:
        chosen = self._texts(setting, path, raw)
        known = self._known(setting.of)
        for place, code in enumerate(chosen):
            if code not in known:
                self._say((*path, place), f"is no code of {setting.of}: beech vocabulary list {setting.of}")
        if not chosen and isinstance(raw, list):
            self._say(path, "names nothing: a figure is made of something")
        return chosen

    def _labels(self, setting: Setting, path: Path, raw: Any) -> dict[str, dict[str, str]]:
        made = {}
        for code, given in self._table(path, raw).items():
            read = self._label(setting, (*path, code), code, given)
            if read is not None:
                made[code] = read
        return made

    def _label(self, setting: Setting, path: Path, code: str, given: Any) -> dict[str, str] | None:
        more = given if isinstance(given, dict) else {"label": given}
        if unknown := [key for key in more if key not in ("label", "valid_from", "mode", "act")]:
            self._say((*path, unknown[0]), "is not known here: a code takes label, valid_from, mode and act")
        label = self._text(setting, (*path, "label"), more.get("label"))
        refused = refuse_code(setting.of, code, label or "")
        if refused is not None:
            self._say(path, refused)
        made = {key: str(more[key]) for key in ("mode", "act") if key in more}
        since = self._since(setting, path, more.get("valid_from"))
        return None if label is None or since is None else {"label": label, "valid_from": since} | made

    def _since(self, setting: Setting, path: Path, raw: Any) -> str | None:
        if raw is None:
            return self._today.isoformat()
        try:
            since = raw if type(raw) is date else date.fromisoformat(str(raw))
        except ValueError:
            self._say((*path, "valid_from"), "must be a date, as 2026-11-21")
            return None
        if since > self._today and setting.of != "wording":
            self._say((*path, "valid_from"), "lies in the future: add the code when it is valid")
            return None
        return since.isoformat()

    def _words(self, setting: Setting, path: Path, raw: Any) -> dict[str, str]:
        table = self._table(path, raw)
        if isinstance(raw, dict) and not raw:
            self._say(path, "names nobody: somebody outside has to be shown")
        read = {name: self._text(setting, (*path, name), said) for name, said in table.items()}
        return {name: said for name, said in read.items() if said is not None}

    def _forms(self, setting: Setting, path: Path, raw: Any) -> dict[str, list[str]]:
        made = {}
        for name, forms in self._table(path, raw).items():
            here = (*path, name)
            made[name.casefold()] = [one.casefold() for one in self._texts(setting, here, forms)]
            for place, one in enumerate((name, *made[name.casefold()])):
                if not _FORM.fullmatch(one):
                    self._say(here if not place else (*here, place - 1), "must be one word, of letters")
            if len(made[name.casefold()]) > _NAMES_MOST:
                self._say(here, f"has more than {_NAMES_MOST} forms")
        return made


def refuse_code(list_: str, code: str, label: str) -> str | None:
    """Return why a unit may not add this code to a vocabulary, or None."""
    if not _CODE.fullmatch(code):
        return "a code is of small letters, digits and _ . + -, and begins with a letter or a digit"
    entries = vocabulary.vocabulary(list_).entries
    if code in entries:
        return f"{list_} has that code already, and its own are not changed"
    forbidden = vocabulary.forbidden_recipient
    if list_ in ("recipient", "service") and (said := forbidden(code) or forbidden(label)):
        return said
    if _IMMIGRATION.search(f"{code.replace('_', ' ')} {label}"):
        return "immigration and the Street Offences Act are named in no list of beech"
    if code in vocabulary.codes("hard_stop") or any(
        one.more.get("stop") and vocabulary.plain(code) == vocabulary.plain(one.code)
        for one in entries.values()
    ):
        return "is a hard stop: no setting names one"
    if list_ in _HIS:
        return "is an offence of hers, which is never held" if code in _NEVER_OFFENCES else None
    return None if list_ == "wording" else vocabulary.forbidden(code)
