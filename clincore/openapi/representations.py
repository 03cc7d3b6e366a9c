"""Content negotiation, compression and ETags (RFC 9110, sections 8.8.3, 12.5 and 13.1.2)."""

import asyncio
import re
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from werkzeug.http import parse_etags

PROBLEM = "application/problem+json"
GZIP_SUFFIX = ".gzip"
"""Ends the ETag of a compressed representation: a strong tag names one sequence of bytes (section 8.8.3.3)."""

COMPRESSED_BYTES_MIN = 1025
IN_THREAD_BYTES_MIN = 64 * 1024
HEADERS_KEPT_MAX = 64
"""Clients send few different headers. A header has at most 64 KiB, which bounds the memory of these caches."""
# The console has 50 files.
_KEPT_MAX = 96

# hl7.org/fhir/R4/versioning.html#mt-version
_FHIR_R4 = re.compile(r'fhirversion="?4\.0(\.1)?"?')
_WEIGHT = re.compile(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)", re.IGNORECASE | re.ASCII)
# 16 + 15: with a gzip header. It has no timestamp, so equal content gives equal bytes.
_GZIP_WINDOW = 31

_kept: OrderedDict[str, bytes] = OrderedDict()
"""Public representations in gzip, by ETag."""


@lru_cache(maxsize=HEADERS_KEPT_MAX)
def choose(accept: bytes, produced: tuple[str, ...]) -> str | None:
    """The media type to answer with, of those in `produced`; None when the header allows none of them.

    A client that names only the media type of problem documents, which every operation can answer with, gets the first.
    An entry with another version of FHIR than R4 allows nothing.
    """
    weights = _weights(accept)
    best, best_weight = None, 0.0
    for media_type in produced:
        of_type = f"{media_type.partition('/')[0]}/*"
        weight = weights.get(media_type, weights.get(of_type, weights.get("*/*", 0.0)))
        if weight > best_weight:
            best, best_weight = media_type, weight
    if best is None and (not weights or weights.get(PROBLEM)):
        return produced[0]
    return best


@lru_cache(maxsize=HEADERS_KEPT_MAX)
def asks_for_html(accept: bytes) -> bool:
    """Whether the header names `text/html`, as browsers do when a person opens a page. `*/*` does not."""
    return _weights(accept).get("text/html", 0.0) > 0


def names_other_fhir(parameter: str) -> bool:
    """Whether a parameter of a media type, in lower case, names another version of FHIR than R4."""
    return parameter.startswith("fhirversion=") and not _FHIR_R4.fullmatch(parameter)


@lru_cache(maxsize=HEADERS_KEPT_MAX)
def accepts_gzip(accept_encoding: bytes) -> bool:
    """Whether the client wants gzip at least as much as no coding."""
    weights = _weights(accept_encoding)
    weight = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return weight > 0 and weight >= weights.get("identity", 0.0)


async def gzip(content: bytes, kept_as: str | None) -> bytes:
    """Compress the content. `kept_as`: the ETag of public content, which is compressed once and kept."""
    if kept_as is None:
        if len(content) < IN_THREAD_BYTES_MIN:
            return _gzip(content, 1)
        return await asyncio.to_thread(_gzip, content, 1)
    compressed = _kept.get(kept_as)
    if compressed is None:
        compressed = _kept[kept_as] = await asyncio.to_thread(_gzip, content, 9)
        if len(_kept) > _KEPT_MAX:
            _kept.popitem(last=False)
    return compressed


def gzip_tag(etag: str) -> str:
    """The ETag of a representation in gzip."""
    return f'{etag[:-1]}{GZIP_SUFFIX}"'


def known_tag(tags: Iterable[str], if_none_match: str) -> str | None:
    """The first of these tags that the client lists (section 13.1.2: weak comparison)."""
    listed = parse_etags(if_none_match)
    return next((tag for tag in tags if listed.contains_weak(tag.strip('"'))), None)


def _weights(header: bytes) -> Mapping[str, float]:
    """The entries of a header, in lower case and without parameters, with their weights (section 12.4.2).

    Another version of FHIR stays a part of the entry, which then matches nothing.
    """
    weights: dict[str, float] = {}
    for entry in header.decode("latin-1").lower().split(","):
        name, *parameters = (part.strip(" \t") for part in entry.split(";"))
        if name:
            name += next((f";{text}" for text in parameters if names_other_fhir(text)), "")
            found = next((match for text in parameters if (match := _WEIGHT.fullmatch(text))), None)
            weights[name] = max(weights.get(name, 0.0), min(1.0, float(found[1])) if found else 1.0)
    return weights


def _gzip(content: bytes, level: int) -> bytes:
    compressor = zlib.compressobj(level, zlib.DEFLATED, _GZIP_WINDOW)
    return compressor.compress(content) + compressor.flush()
