"""The lives of organisations: who stood where a town stands now, who stands where it stood, and its name then. Pure.

A life is one row. It goes on under new names and codes (``NameThen``); it ends when others take its place (``Link``).
``domain/chains.py`` reads these values out of the tables.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from dxportal.core.organizations.then import ABOLISHED, BureauThen, PlaceThen


@dataclass(frozen=True, slots=True)
class NameThen:
    """What a town was called up to and including ``last_day``; None for the last name of its life.

    ``kind`` is the LifeEvent that ended the name ("" for the last one); ``parent``: the bureau it stood below.
    """

    name: str
    code: str
    last_day: dt.date | None = None
    kind: str = ""
    kana: str = ""
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """One organisation from its first to its last day, both included; None is without known beginning, without end.

    ``names`` run from the oldest to the last one.
    """

    pk: int
    names: tuple[NameThen, ...]
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    prefecture: int | None = None
    order: int = 0

    @property
    def name(self) -> str:
        return self.names[-1].name

    def lives_on(self, day: dt.date) -> bool:
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)

    def name_on(self, day: dt.date) -> NameThen:
        """The name and code of the day; before the life its first, after the life its last."""
        return next((name for name in self.names if name.last_day is None or day <= name.last_day), self.names[-1])


@dataclass(frozen=True, slots=True)
class Link:
    """From ``day`` on ``successor`` stands in the place of ``predecessor``; ``kind`` is a LifeEvent."""

    predecessor: int
    successor: int
    day: dt.date
    kind: str


SPLIT = "split"  # the value of LifeEvent: a pure module knows no Django


@dataclass(frozen=True, slots=True)
class Origins:
    """Those whose place a town took between two days, in the order of their keys; nobody for most.

    ``event``: "merged" (a new town), "absorbed" (it was there before), "divided", or "" for nobody.
    """

    event: str = ""
    towns: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.towns)


@dataclass(frozen=True, slots=True)
class Lives:
    """Organisations with everybody who came before or after them. An organisation that is not held is an error."""

    by_pk: Mapping[int, Life]
    links: tuple[Link, ...] = field(default=())

    def successors(self, pk: int, day: dt.date) -> tuple[int, ...]:
        """Who stands on the day where ``pk`` stood, in the order of their keys.

        Itself while it lives; several after a split; nobody where it was abolished and none followed.
        """
        by_then = [link for link in self.links if link.day <= day]
        return self._living(
            _reached(pk, lambda key: (link.successor for link in by_then if link.predecessor == key)), day
        )

    def predecessors(self, pk: int, day: dt.date) -> tuple[int, ...]:
        """Who stood on the day where ``pk`` stands, in the order of their keys: each of the merged ones.

        A town that took others in is among its own predecessors, as it was there before; a town that was made by the
        merger is not. Only itself where nothing was merged since.
        """
        since = [link for link in self.links if link.day > day]
        return self._living(
            _reached(pk, lambda key: (link.predecessor for link in since if link.successor == key)), day
        )

    def only_successor(self, pk: int, day: dt.date) -> int | None:
        """Who alone followed one that has ended by the day, in the same prefecture: where its people work now."""
        after = self.successors(pk, day)
        if len(after) != 1 or after[0] == pk or self.by_pk[after[0]].prefecture != self.by_pk[pk].prefecture:
            return None
        return after[0]

    def standing(self, pk: int, day: dt.date) -> tuple[int, ...]:
        """Itself while it lives; else those who stood on the day in its place, or whose place it took; never nobody."""
        return self.successors(pk, day) or self.predecessors(pk, day) or (pk,)

    def stretches(
        self, pk: int, first_day: dt.date, last_day: dt.date | None
    ) -> tuple[tuple[int, dt.date, dt.date | None], ...]:
        """What ``pk`` is in from a first to a last day: itself until its end, and then whoever alone followed it."""
        end = self.by_pk[pk].last_day
        if end is None or (last_day is not None and last_day <= end):
            return ((pk, first_day, last_day),)
        own = ((pk, first_day, end),) if first_day <= end else ()
        next_day = end + dt.timedelta(days=1)
        after = self.only_successor(pk, next_day)
        # Whoever follows lives on that day, so each step ends later than the one before it.
        return own if after is None else (*own, *self.stretches(after, max(first_day, next_day), last_day))

    def chain(self, pk: int) -> tuple[int, ...]:
        """``pk``, everybody before it and everybody after it, whenever that was, in the order of their keys."""
        after = _reached(pk, lambda key: (link.successor for link in self.links if link.predecessor == key))
        return tuple(sorted({*self.line_before(pk), *after}))

    def line_before(self, pk: int) -> tuple[int, ...]:
        """``pk`` and everybody before it, whenever that was, in the order of their keys."""
        before = _reached(pk, lambda key: (link.predecessor for link in self.links if link.successor == key))
        return tuple(sorted(before))

    def names_on(self, pk: int, day: dt.date) -> tuple[NameThen, ...]:
        """What those who stood on the day where ``pk`` stands were called then."""
        return tuple(self.by_pk[key].name_on(day) for key in self.predecessors(pk, day))

    def origins(self, pk: int, day: dt.date, until: dt.date) -> Origins:
        """Whom ``pk`` took the place of after ``day`` and up to ``until``: those that stood on the day, not itself."""
        since = tuple(link for link in self.links if day < link.day <= until)
        towns = tuple(key for key in Lives(self.by_pk, since).predecessors(pk, day) if key != pk)
        if not towns:
            return Origins()
        if self.by_pk[pk].lives_on(day):
            return Origins("absorbed", towns)
        kinds = {link.kind for link in since if link.successor == pk}
        return Origins("divided" if kinds == {SPLIT} else "merged", towns)

    def place_on(self, pk: int, day: dt.date, today: dt.date) -> PlaceThen:
        """The town as of ``day``, and what it is, or who stands in its place, ``today``."""
        life = self.by_pk[pk]
        then = life.name_on(day)
        living = self.successors(pk, today)
        names, codes = self._today(life, living, today)
        bureau = self.by_pk.get(then.parent or 0)
        return PlaceThen(
            name=then.name,
            kana=then.kana,
            code=then.code,
            bureau=BureauThen(bureau.pk, bureau.name_on(day).name, bureau.order) if bureau else None,
            now="" if names == then.name else names,
            code_now="" if codes == then.code else codes,
        )

    def _today(self, life: Life, living: tuple[int, ...], today: dt.date) -> tuple[str, str]:
        """Names and codes of those that stand there now; of another prefecture with its name."""
        if not living:
            # One that is only to come stands there, too, as far as figures are concerned.
            ended = life.last_day is not None and life.last_day < today
            return (ABOLISHED, "") if ended else (life.name, life.names[-1].code)
        last = [self.by_pk[key] for key in living]
        names = [f"{self._prefecture_of(each, life)}{each.name}" for each in last]
        return "・".join(names), "・".join(filter(None, (each.names[-1].code for each in last)))

    def _prefecture_of(self, life: Life, other: Life) -> str:
        prefecture = self.by_pk.get(life.prefecture or 0)
        return prefecture.name if prefecture and life.prefecture != other.prefecture else ""

    def _living(self, keys: set[int], day: dt.date) -> tuple[int, ...]:
        return tuple(key for key in sorted(keys) if self.by_pk[key].lives_on(day))


def _reached(start: int, steps: Callable[[int], Iterable[int]]) -> set[int]:
    """Everybody who is reached, the start among them; a circle in the table ends where it closes."""
    reached = {start}
    waiting = [start]
    while waiting:
        for key in steps(waiting.pop()):
            if key not in reached:
                reached.add(key)
                waiting.append(key)
    return reached
