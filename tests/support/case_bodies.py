"""Random bodies of `POST /cases`: all that the contract accepts and the rules of cases allow."""

import string
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from support.contract import CONTRACT

Json = dict[str, Any]

SCHEMAS: Json = CONTRACT.document["components"]["schemas"]
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
UNITS = ("mg", "kg", "/min", "mm[Hg]", "Cel", "a", "wk", "h", "%", "10*9/L", "1", "{score}", "mmol/L")
STATUSES = {
    "statement": "active completed entered_in_error intended stopped on_hold unknown not_taken",
    "request": "active on_hold cancelled completed entered_in_error stopped draft unknown",
    "administration": "in_progress not_done on_hold completed entered_in_error stopped unknown",
    "dispense": "preparation in_progress cancelled on_hold completed entered_in_error stopped declined unknown",
}
LISTS = (
    *("conditions", "observations", "medications", "allergies", "procedures", "immunizations"),
    *("diagnostic_reports", "documents", "other_sections"),
)
# Texts that FHIR, XML or a parser could change.
STRANGE = (
    *(
        " ",
        "   ",
        "\u3000",
        " a ",
        "a  b",
        "<b>&amp;</b>",
        "]]>",
        "a\u2028b",
        "\x85",
        "a\ufffeb",
        "\ufffd",
        "é😀",
        "'\"",
    ),
    *("null", "0", "true"),
)
STRANGE_LINES = ("\n", "\r\n", "a\rb", "\t\ta", "a\x01b", "\x0b", "one\n\ntwo\n")


class Bodies:
    """Bodies made with one source of random numbers."""

    def __init__(self, random: Random, chance: float = 0.4) -> None:
        """`chance`: that an optional property is there."""
        self._random = random
        self._chance = chance

    def case(self) -> Json:
        """A body with any of its fields."""
        body = self._of("CaseInput")
        if self._random.random() < 0.2:
            # Long lists are rare otherwise.
            field = self._random.choice(LISTS)
            body[field] = [self._made(SCHEMAS["CaseInput"]["properties"][field])[0] for _ in range(12)]
        return _with_links(body, self._random)

    def _of(self, name: str) -> Any:
        if name in _TEXTS:
            return _TEXTS[name](self)
        value = self._made(SCHEMAS[name])
        return _REPAIRS[name](value, self._random) if name in _REPAIRS else value

    def _made(self, schema: Json) -> Any:
        random = self._random
        match schema:
            case {"$ref": reference}:
                return self._of(reference.rsplit("/", 1)[1])
            case {"enum": names}:
                return random.choice(names)
            case {"type": "boolean"}:
                return random.random() < 0.5
            case {"type": "integer", "minimum": low, "maximum": high}:
                return random.choice((low, high, random.randint(max(low, -9), min(high, 99))))
            case {"type": "array", "items": items}:
                made = [self._made(items) for _ in range(random.choice((1, 1, 1, 2, 3)))]
                return (
                    [each for n, each in enumerate(made) if each not in made[:n]] if "uniqueItems" in schema else made
                )
            case {"additionalProperties": dict()}:
                keys = random.sample((*STRANGE, *STRANGE_LINES, "", "ward"), random.choice((1, 2)))
                return {key: self.text(lines=True, least=0, most=500) for key in keys}
        properties: Json = schema["properties"]
        required = schema.get("required", [])
        if schema.get("maxProperties") == 1:
            names = [random.choice(list(properties))]
        else:
            names = [name for name in properties if name in required or random.random() < self._chance]
            names = names or [random.choice(list(properties))]
        return {name: self._made(properties[name]) for name in names}

    def text(self, *, lines: bool, least: int = 1, most: int) -> str:
        """A text that is often strange. `lines`: with control characters."""
        random = self._random
        strange = (*STRANGE, *STRANGE_LINES) if lines else STRANGE
        if least == 0 and random.random() < 0.1:
            return ""
        if random.random() < 0.3:
            return random.choice(strange)
        letters = string.ascii_letters + "  äß.-|"
        return "".join(random.choices(letters, k=random.choice((1, 3, 12, min(60, most)))))

    def code(self) -> str:
        random = self._random
        return random.choice(("8867-4", "85354-9", "x", "a b", "ü", "1" * 100, "".join(random.choices("abc0-", k=4))))

    def uri(self) -> str:
        return self._random.choice((LOINC, UCUM, "http://snomed.info/sct", "urn:oid:1.2.36", "x:ü", "urn:a|b"))

    def decimal(self) -> str:
        random = self._random
        return random.choice(
            ("0", "-0.0", "72.50", "0.00000015", "1" * 40, "3." + "1" * 38, str(random.randint(-9, 99)))
        )

    def unsigned(self) -> str:
        return self.decimal().removeprefix("-")

    def day(self) -> date:
        first, last = date(1000, 1, 1).toordinal(), date(2999, 12, 31).toordinal()
        ordinal = self._random.choice((first, last, self._random.randint(first, last), date(2024, 2, 29).toordinal()))
        return date.fromordinal(ordinal)

    def partial_date(self) -> str:
        return self.day().isoformat()[: self._random.choice((4, 7, 10))]

    def time(self) -> str:
        random = self._random
        fraction = random.choice(("", "", ".5", ".120000000", ".999999999"))
        return f"{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}{fraction}"

    def partial_date_time(self) -> str:
        if self._random.random() < 0.5:
            return self.partial_date()
        return f"{self.day()}T{self.time()}{self._random.choice(('Z', '+14:00', '-13:59', '+05:30'))}"

    def date_time(self) -> str:
        day = min(max(self.day(), date(1001, 1, 1)), date(2998, 1, 1))
        return f"{day}T{self.time()}{self._random.choice(('Z', '+02:00', '+14:01', '-23:59'))}"

    def entry_id(self) -> str:
        return "".join(self._random.choices(string.ascii_letters + string.digits + "-.", k=6))

    def hash(self) -> str:
        return b64encode(self._random.randbytes(20)).decode()


_TEXTS: dict[str, Callable[[Bodies], Any]] = {
    "Title": lambda made: made.text(lines=True, most=200),
    "ExternalId": lambda made: made.text(lines=False, most=128),
    "Name": lambda made: made.text(lines=False, most=250),
    "Tag": lambda made: made.text(lines=False, most=60),
    "Note": lambda made: made.text(lines=True, most=2000),
    "Narrative": lambda made: made.text(lines=True, least=0, most=20000),
    "Conclusion": lambda made: made.text(lines=True, most=20000),
    "Code": Bodies.code,
    "Uri": Bodies.uri,
    "DocumentUrl": Bodies.uri,
    "Decimal": Bodies.decimal,
    "UnsignedDecimal": Bodies.unsigned,
    "PartialDate": Bodies.partial_date,
    "PartialDateTime": Bodies.partial_date_time,
    "DateTime": Bodies.date_time,
    "ClockTime": Bodies.time,
    "EntryId": Bodies.entry_id,
    "DocumentHash": Bodies.hash,
}


def _amount(value: Json, random: Random) -> Json:
    if value.get("system") == UCUM and "code" in value:
        value["code"] = random.choice(UNITS)
    if "system" not in value:
        value.pop("code", None)
    return value


def _span(value: Json, random: Random, lengths: tuple[int, ...] = (4, 7, 10, 35)) -> Json:
    if "start" in value and "end" in value:
        if random.random() < 0.4:
            # Often the two differ in precision only.
            value["end"] = value["start"][: random.choice(lengths)]
        if limits(value["start"])[0] > limits(value["end"])[1]:
            value["start"], value["end"] = value["end"], value["start"]
    return value


def limits(value: str) -> tuple[datetime, datetime]:
    """The first and the last moment that a date of any precision stands for."""
    if len(value) > 10:
        moment = datetime.fromisoformat(value)
        return moment, moment
    first = datetime.fromisoformat(f"{value}-01-01"[:10]).replace(tzinfo=UTC)
    days = {4: 366, 7: 31, 10: 1}[len(value)]
    # A date has no time zone: in any of them it ends before this.
    return first - timedelta(hours=14), first + timedelta(days=days, hours=14)


def _range(value: Json, random: Random) -> Json:
    if "low" in value and "high" in value:
        if random.random() < 0.6:
            value["high"] = {**value["low"], "value": value["high"]["value"]}
        if Decimal(value["low"]["value"]) > Decimal(value["high"]["value"]):
            value["low"]["value"], value["high"]["value"] = value["high"]["value"], value["low"]["value"]
    return value


def _value_or_reason(value: Json, random: Random) -> Json:
    if "value" in value:
        value.pop("data_absent_reason", None)
    return value


def _reference_range(value: Json, random: Random) -> Json:
    if not {"low", "high", "text"} & value.keys():
        value["text"] = "normal"
    return _range(value, random)


def _timing(value: Json, random: Random) -> Json:
    if "when" in value:
        value.pop("times_of_day", None)
        if {"C", "CM", "CD", "CV"} & set(value["when"]):
            value.pop("offset", None)
    else:
        value.pop("offset", None)
    return value or {"code": {"text": "daily"}}


def _medication(value: Json, random: Random) -> Json:
    if "status" in value:
        value["status"] = random.choice(STATUSES[value["kind"]].split())
    if value["kind"] != "request":
        value.pop("intent", None)
        value.pop("do_not_perform", None)
    return value


_REPAIRS: dict[str, Callable[[Json, Random], Json]] = {
    "SimpleQuantity": _amount,
    "Quantity": _amount,
    "EntryPeriod": _span,
    "Period": lambda value, random: _span(value, random, (35,)),
    "QuantityRange": _range,
    "ReferenceRange": _reference_range,
    "Observation": _value_or_reason,
    "ObservationComponent": _value_or_reason,
    "Timing": _timing,
    "MedicationEntry": _medication,
}


def _with_links(body: Json, random: Random) -> Json:
    """The body with observations of different ids, and reports whose results are among them."""
    ids = []
    for number, observation in enumerate(body.get("observations", ())):
        if "id" in observation:
            observation["id"] = f"{observation['id']}.{number}"
            ids.append(observation["id"])
        for part in observation.get("components", ()):
            if random.random() < 0.3:
                # FHIR refuses the observation's own value then.
                part["code"] = observation["code"]
    for report in body.get("diagnostic_reports", ()):
        if "results" in report:
            report["results"] = random.sample(ids, min(len(ids), len(report["results"])))
            if not report["results"]:
                del report["results"]
    return body
