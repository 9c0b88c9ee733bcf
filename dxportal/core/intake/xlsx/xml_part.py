"""XML of a workbook in one pass: no entities, no tree, a budget for everything that is read of one file."""

from collections.abc import Callable, Mapping
from typing import IO
from xml.parsers import expat

from dxportal.core.intake.errors import UnreadableBookError
from dxportal.core.intake.limits import BROKEN, LONGEST_TEXT, TOO_LONG, TOO_MUCH, Budget

Attributes = Mapping[str, str]
OnStart = Callable[[Attributes], None]
OnEnd = Callable[[], None]

# Excel's usual files and those saved as 「Strict Open XML スプレッドシート」 differ in their namespaces.
MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
PACKAGE = ("http://schemas.openxmlformats.org/package/2006/relationships",)
RELATION_IDS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
CHUNK = 64 * 1024


class XmlPart:
    """Calls what is registered by an element's name; what ``gather`` registers is called with the element's text.

    Text inside ``skip``ped elements (the readings above kanji) counts as nothing.
    """

    def __init__(self, budget: Budget, namespaces: tuple[str, ...] = MAIN, too_many: str = TOO_MUCH):
        self._budget = budget
        self._namespaces = namespaces
        self._too_many = too_many
        self._starts: dict[str, OnStart] = {}
        self._ends: dict[str, OnEnd] = {}
        self._skipping = 0
        self._text: list[str] | None = None
        self._length = 0

    def at_start(self, name: str, call: OnStart) -> None:
        self._starts.update(dict.fromkeys(self._names(name), call))

    def at_end(self, name: str, call: OnEnd) -> None:
        self._ends.update(dict.fromkeys(self._names(name), call))

    def gather(self, name: str, call: Callable[[str], None]) -> None:
        def start(_: Attributes) -> None:
            self._text = []
            self._length = 0

        def end() -> None:
            text = "".join(self._text or ())
            self._text = None
            if not self._skipping:
                call(text)

        self.at_start(name, start)
        self.at_end(name, end)

    def skip(self, name: str) -> None:
        def step(change: int) -> None:
            self._skipping += change

        self.at_start(name, lambda _: step(1))
        self.at_end(name, lambda: step(-1))

    def _names(self, name: str) -> list[str]:
        return [f"{namespace} {name}" for namespace in self._namespaces]

    def read(self, stream: IO[bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        # Without a document type there are no entities to multiply and none to fetch.
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        try:
            while chunk := stream.read(CHUNK):
                self._budget.take(len(chunk))
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise UnreadableBookError(BROKEN) from error

    def _refuse(self, *_: object) -> None:
        raise UnreadableBookError(BROKEN)

    # The next three are called for each of some hundred thousand elements: nothing stands here that can stand elsewhere.
    def _start(self, name: str, attributes: Attributes) -> None:
        self._budget.elements -= 1
        if self._budget.elements < 0:
            raise UnreadableBookError(self._too_many)
        if call := self._starts.get(name):
            call(attributes)

    def _end(self, name: str) -> None:
        if call := self._ends.get(name):
            call()

    def _characters(self, text: str) -> None:
        if self._text is None:
            return
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            raise UnreadableBookError(TOO_LONG)
        self._text.append(text)
