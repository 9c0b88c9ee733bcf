"""What the national code list says against what is stored: a plan for a person to read, and what follows from decisions.

Pure. Codes and names decide; where they leave a choice (who followed a town that vanished), there is a ``Vanished``, and
its proposal is taken only as part of a plan that somebody saw and confirmed.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from dxportal.core.names import name_key
from dxportal.core.organizations.domain import codes

ABOLISHED = "abolished"  # a decision: ended, and nobody follows (or nobody knows yet who)
KEPT = "kept"  # a decision: stays as it is although the list no longer has it
KINDS_IN_ORDER = ("village", "town", "city")
KIND_SIGNS = {"city": "市", "town": "町", "village": "村", "ward": "区", "prefecture": "都道府県"}
SOUNDS = {"city": ("シ",), "town": ("チョウ", "マチ"), "village": ("ムラ", "ソン")}
# A list that lacks more than half of a prefecture is probably a part of one; below so many it may be a merger.
FEW = 3


class ListedOrganization(Protocol):
    """One row of the list; ``kind`` is "prefecture" or the municipality's kind."""

    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kana(self) -> str: ...
    @property
    def place(self) -> str:
        """Where it stands in its file, for messages: 「シート「…」 A12」."""


@dataclass(frozen=True, slots=True)
class StoredTown:
    """A municipality of the portal, or a prefecture (``kind`` "prefecture"). ``code`` is "" where there is none.

    ``part``: the first two digits of its prefecture's code. ``open_end``: it ended and nobody was said to follow.
    """

    pk: int
    code: str
    kind: str
    name: str
    kana: str
    part: str
    ended: bool = False
    open_end: bool = False
    fictional: bool = False
    former_codes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class ListChange:
    """A row of the list and the organisation that it is about (None: a new one).

    ``kind``: "new", "corrected" (code, kana or spelling), or the LifeEvent "renamed", "recoded", "designated", "city".
    """

    kind: str
    row: ListedOrganization
    stored: StoredTown | None = None

    @property
    def new_identity(self) -> bool:
        """The code changes: taken for the same town only after somebody has said so."""
        return self.stored is not None and bool(self.stored.code) and self.stored.code != self.row.code

    @property
    def words(self) -> str:
        """「那珂川町→那珂川市、403059→402311」: what changes of the stored; "" for a new one."""
        if self.stored is None:
            return ""
        pairs = (
            (self.stored.code, self.row.code),
            (self.stored.name, self.row.name),
            (self.stored.kana, self.row.kana),
            (KIND_SIGNS.get(self.stored.kind), KIND_SIGNS[self.row.kind]),
        )
        return "、".join(f"{old or '空欄'}→{new}" for old, new in pairs if old != new)


@dataclass(frozen=True, slots=True)
class Vanished:
    """A town that the list no longer has. The answer is the code of who followed, ABOLISHED or KEPT.

    ``candidates``: codes of the list, new ones first. ``proposal``: an answer, or "" where a person must say.
    """

    stored: StoredTown
    candidates: tuple[ListedOrganization, ...]
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that nothing is done about, and why."""

    row: ListedOrganization
    message: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the list would change. ``newcomers``: new codes beside vanished towns, waiting for the questions' answers."""

    changes: tuple[ListChange, ...] = ()
    newcomers: tuple[ListedOrganization, ...] = ()
    questions: tuple[Vanished, ...] = ()
    refused: tuple[Refused, ...] = ()
    unchanged: int = 0

    @property
    def asks(self) -> bool:
        """Somebody has to confirm: a town is taken for the same under another code, or may end."""
        return self.touches_identity or any(not question.stored.ended for question in self.questions)

    @property
    def touches_identity(self) -> bool:
        """Without a confirmation nothing can be carried out: which rows are the same is what is asked."""
        return bool(self.newcomers or any(change.new_identity for change in self.changes))

    @property
    def digest(self) -> str:
        """Equal for equal plans: what somebody confirmed is carried out only while it is what would happen."""
        parts = [
            *(
                f"{change.kind} {change.row.code} {change.stored and change.stored.pk} {change.words}"
                for change in self.changes
            ),
            *(f"new {row.code} {row.name}" for row in self.newcomers),
            *(f"ask {question.stored.pk} {question.proposal}" for question in self.questions),
            *(f"refused {refused.row.code}" for refused in self.refused),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def compare(rows: Sequence[ListedOrganization], stored: Sequence[StoredTown]) -> Plan:
    """The plan for the prefectures that the list holds; towns of others are left out of it."""
    parts: defaultdict[str, list[ListedOrganization]] = defaultdict(list)
    for row in rows:
        parts[row.code[:2]].append(row)
    towns: defaultdict[str, list[StoredTown]] = defaultdict(list)
    for town in stored:
        towns[town.part].append(town)
    return joined(_Part(listed, towns[part]).plan() for part, listed in sorted(parts.items()))


def joined(plans: Iterable[Plan]) -> Plan:
    every = tuple(plans)
    return Plan(
        tuple(change for plan in every for change in plan.changes),
        tuple(row for plan in every for row in plan.newcomers),
        tuple(question for plan in every for question in plan.questions),
        tuple(refused for plan in every for refused in plan.refused),
        sum(plan.unchanged for plan in every),
    )


class _Part:
    """One prefecture's rows against its towns."""

    def __init__(self, rows: Sequence[ListedOrganization], stored: Sequence[StoredTown]):
        self.rows = sorted(rows, key=lambda row: (row.kind != "prefecture", row.code))
        self.stored = stored
        self.listed = {row.code for row in rows}
        self.by_code = {town.code: town for town in stored if town.code}
        self.pairs: list[tuple[ListedOrganization, StoredTown]] = []

    def plan(self) -> Plan:
        refused = [Refused(row, reason) for row in self.rows if (reason := self.reason_against(row))]
        left = [row for row in self.rows if row not in [refusal.row for refusal in refused]]
        for same in (same_code, same_name, promoted):
            left = self.paired(left, same)
        changes = [ListChange(kind_of(row, town), row, town) for row, town in self.pairs]
        moved = [change for change in changes if change.kind]
        vanished = [town for town in self.missing() if not town.ended]
        newcomers = tuple(left) if vanished else ()
        first = {row.code for row in newcomers} | {change.row.code for change in moved if change.new_identity}
        towns = [row for row in self.rows if row.kind != "prefecture"]
        candidates = tuple(sorted(towns, key=lambda row: (row.code not in first, row.code)))
        proposal = self.proposal(vanished, newcomers, moved)
        return Plan(
            (*moved, *(ListChange("new", row) for row in left if not vanished)),
            newcomers,
            tuple(Vanished(town, candidates, KEPT if town.ended else proposal) for town in self.missing()),
            tuple(refused),
            len(changes) - len(moved),
        )

    def reason_against(self, row: ListedOrganization) -> str:
        """Why nothing is done about the row: probably it is of an earlier list, or the portal has the town twice."""
        town = self.by_code.get(row.code)
        if town is not None and town.ended:
            return f"{town.name}は廃止として登録済みです。廃止が誤りなら、組織の画面で取り消してください。"
        if town is None and (former := next((town for town in self.stored if row.code in town.former_codes), None)):
            return f"{row.code}は{former.label}の前の団体コードです。古い一覧でないか確かめてください。"
        twins = [other for other in self.stored if not (other.code or other.ended) and same_name(row, other)]
        same_names = [other for other in self.rows if name_key(other.name) == name_key(row.name)]
        if twins and (town is not None or len(twins) > 1 or len(same_names) > 1):
            return (
                f"団体コードのない「{row.name}」も登録されています。どちらの団体か、組織の画面で団体コードを"
                "入力してから取り込んでください。"
            )
        return ""

    def paired(self, rows: Sequence[ListedOrganization], same: "Same") -> list[ListedOrganization]:
        """Takes the rows that fit one town, which fits no other row; gives those that are left."""
        taken = {town.pk for _, town in self.pairs}
        free = [town for town in self.stored if town.pk not in taken and not town.ended]
        fits = {row.code: [town for town in free if self.may_be(row, town) and same(row, town)] for row in rows}
        wanted = Counter(town.pk for towns in fits.values() for town in towns)
        left = []
        for row in rows:
            if len(fits[row.code]) == 1 and wanted[fits[row.code][0].pk] == 1:
                self.pairs.append((row, fits[row.code][0]))
            else:
                left.append(row)
        return left

    def may_be(self, row: ListedOrganization, town: StoredTown) -> bool:
        """A town whose own code is in the list is that row's."""
        same_level = (row.kind == "prefecture") == (town.kind == "prefecture")
        return same_level and (town.code == row.code or town.code not in self.listed)

    def missing(self) -> list[StoredTown]:
        """The towns that no row was found for and that the list should have."""
        taken = {town.pk for _, town in self.pairs}
        return [
            town
            for town in self.stored
            if town.pk not in taken
            and town.code
            and town.kind != "prefecture"
            and not town.fictional
            and (town.open_end or not town.ended)
            # The list has it under another code of its own: it did not vanish.
            and not self.listed.intersection((town.code, *town.former_codes))
        ]

    def proposal(
        self, vanished: Sequence[StoredTown], newcomers: Sequence[ListedOrganization], moved: Sequence[ListChange]
    ) -> str:
        """A new town beside several that vanished; the only one that got a new code under its old name; else the end.

        "" where a new town may be a single vanished one under another name, or one of several.
        """
        living = [town for town in self.stored if town.code and town.kind != "prefecture" and not town.ended]
        if len(vanished) > FEW and 2 * len(vanished) > len(living):
            return KEPT
        if newcomers:
            return newcomers[0].code if len(newcomers) == 1 and len(vanished) > 1 else ""
        recoded = [change.row.code for change in moved if change.kind in ("designated", "recoded")]
        return recoded[0] if len(recoded) == 1 else ABOLISHED


Same = Callable[[ListedOrganization, StoredTown], bool]


def same_code(row: ListedOrganization, town: StoredTown) -> bool:
    return row.code == town.code


def same_name(row: ListedOrganization, town: StoredTown) -> bool:
    return name_key(row.name) == name_key(town.name)


def promoted(row: ListedOrganization, town: StoredTown) -> bool:
    """A village that became a town or a city, a town that became a city: the same stem, read in the same way."""
    if not {row.kind, town.kind} <= set(KINDS_IN_ORDER):
        return False
    higher = KINDS_IN_ORDER.index(row.kind) > KINDS_IN_ORDER.index(town.kind)
    same_stem = name_key(row.name[:-1]) == name_key(town.name[:-1])
    readings = kana_stems(row.kind, row.kana), kana_stems(town.kind, town.kana)
    return higher and same_stem and (not all(readings) or bool(readings[0] & readings[1]))


def kana_stems(kind: str, kana: str) -> set[str]:
    """「ナカガワマチ」 → 「ナカガワ」; empty where no reading is known."""
    return {kana.removesuffix(sound) for sound in SOUNDS[kind] if kana.endswith(sound)}


def kind_of(row: ListedOrganization, town: StoredTown) -> str:
    """What happened to the town that the row is about; "" for nothing."""
    if (row.code, row.name, row.kana, row.kind) == (town.code, town.name, town.kana, town.kind):
        return ""
    if same_name(row, town):
        if not town.code or town.code == row.code:
            return "corrected"
        return "designated" if codes.is_designated_city(row.code) else "recoded"
    return "city" if promoted(row, town) else "renamed"
