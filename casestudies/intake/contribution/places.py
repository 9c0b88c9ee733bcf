"""The places that rows of a register name, beside those that the portal knows: what is unclear is asked, row by row."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from casestudies.domain.content import OrganizationPart
from casestudies.domain.contribution.ties import Ties, prefecture_of
from casestudies.forms.contribution.rows import OFFICIAL
from casestudies.intake.contribution.sheets import CODE
from dxportal.core.intake.book import CellError, Record, Table
from dxportal.core.intake.errors import Severity
from dxportal.core.names import name_key
from dxportal.core.organizations.domain.matching import Place, listing

NAME, PREFECTURE = "団体名", "都道府県"
MUNICIPAL = ("市", "町", "村")
CODE_UNUSED = "{problem}団体コードは使わず、団体名「{name}」のとおり取り込みます。"
SEVERAL = "「{name}」は{count}団体あります：{places}。このままでは、どの団体の事例としても探せません。団体コードの列を足すか、郡名を付けてください。"
NOBODY = "「{name}」は{prefecture}の団体にありません。このままでは、どの団体の事例としても探せません。"


class PlacesOfRegister:
    """``problems``: errors, and warnings that somebody must confirm."""

    def __init__(self, table: Table, user):
        self.problems: list[CellError] = []
        self._table = table
        self._own = user.acting.organization.prefecture

    @cached_property
    def _ties(self) -> Ties:
        """Read when a row that changes something names a place."""
        named = {self._prefecture(record) for record in self._table.records} - {""}
        return Ties.among({*named, self._own.name}, own=self._own.pk)

    def read(self, records: Iterable[Record], stored: Iterable[OrganizationPart]) -> list[Record]:
        """The records with the names that their codes mean. What is ``stored`` already is asked of nobody again."""
        known = {(part.name, part.prefecture) for part in stored}
        return [
            record if self._key(record) in known and not _has_code(record) else self._checked(record)
            for record in records
        ]

    def _key(self, record: Record) -> tuple[str, str]:
        return record[NAME].text, self._prefecture(record)

    @staticmethod
    def _prefecture(record: Record) -> str:
        text = record[PREFECTURE].text
        return OFFICIAL.get(name_key(text), text) or prefecture_of(record[NAME].text, "")

    def _checked(self, record: Record) -> Record:
        return self._by_code(record) if _has_code(record) else self._by_name(record)

    def _by_code(self, record: Record) -> Record:
        name, prefecture = self._key(record)
        match = self._ties.match(record[CODE].value, name, prefecture)
        if match.place is None:
            if match.several or not name:
                self._problem(record, CODE, match.problem_code, match.problem)
            else:
                sentence = CODE_UNUSED.format(problem=match.problem, name=name)
                self._problem(record, CODE, match.problem_code, sentence, warns=True)
            return record
        if match.warning:
            self._problem(record, NAME, "other_name", match.warning, warns=True)
        place = match.place
        return record | {
            NAME: replace(record[NAME], value=self._clear_name(place)),
            PREFECTURE: replace(record[PREFECTURE], value=place.prefecture),
        }

    def _clear_name(self, place: Place) -> str:
        """With its district where others are called so too."""
        alone = len(self._ties.candidates(place.name, place.prefecture)) == 1
        return place.name if alone else f"{place.district}{place.name}"

    def _by_name(self, record: Record) -> Record:
        name, prefecture = self._key(record)
        places = self._ties.candidates(name, prefecture)
        if len(places) > 1:
            sentence = SEVERAL.format(name=name, count=len(places), places=listing(places))
            self._problem(record, NAME, "several_places", sentence, warns=True)
        elif not places and prefecture == self._own.name and name.endswith(MUNICIPAL):
            sentence = NOBODY.format(name=name, prefecture=prefecture)
            self._problem(record, NAME, "unknown_place", sentence, warns=True)
        return record

    def _problem(self, record: Record, key: str, code: str, message: str, warns: bool = False) -> None:
        cell = record[key]
        severity: Severity = "warning" if warns else "error"
        self.problems.append(CellError(self._table.sheet.title, cell.row, cell.column, code, message, severity))


def _has_code(record: Record) -> bool:
    return CODE in record and record[CODE].is_filled
