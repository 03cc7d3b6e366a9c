"""The resources of an input by identity, and references to them as FHIR resolves them.

hl7.org/fhir/R4/bundle.html#references: an absolute reference is a `fullUrl`; a relative one continues the root of the
`fullUrl` of the entry that it stands in; `#id` is a contained resource; a version must be the one of the entry.

Many documents have UUIDs as `fullUrl` and refer to `Patient/<uuid>`, for which FHIR has no rule. It is the resource of
this type with this UUID, because no other one has it. What does not resolve in these ways is never guessed.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clincore.records.fhir.reading.element import Resource, is_resource

_RESTFUL = re.compile(r"(?P<root>https?://.+/|)(?P<local>[A-Z][A-Za-z]{1,63}/[A-Za-z0-9.-]{1,64})")
_VERSIONED = re.compile(r"(?P<url>.+)/_history/(?P<version>[A-Za-z0-9.-]{1,64})")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_URN = "urn:uuid:"


class Index:
    """Resources that stand in a Bundle or a file, with those that they contain."""

    def __init__(self) -> None:
        self.all: list[Resource] = []
        """In the order of the input; a contained resource follows its container."""
        self._by_url: dict[str, list[Resource]] = {}
        self._contents: dict[str, dict[str, Resource]] = {}
        """The resources of `_by_url` by their content, for identities that were claimed twice."""
        self._removed = set[str]()

    def add(self, value: Mapping[str, Any], path: str, url: str | None) -> Resource:
        """Add a resource of the type `resourceType`. `url`: the entry's `fullUrl`; None: it has none."""
        resource = Resource(value["resourceType"], dict(value), path, url)
        self.all.append(resource)
        if (key := key_of(resource.value, resource.url)) is not None:
            self._by_url.setdefault(key, []).append(resource)
        contained = value.get("contained")
        for number, inner in enumerate(contained if isinstance(contained, list) else ()):
            if is_resource(inner):
                place = f"{path}.contained[{number}]"
                one = Resource(inner["resourceType"], inner, place, container=resource)
                self.all.append(one)
                if isinstance(inner.get("id"), str):
                    # Of two with one id, neither is referred to.
                    known = resource.contained
                    known[inner["id"]] = one if inner["id"] not in known else _AMBIGUOUS
        return resource

    def same(self, value: Mapping[str, Any], url: str | None) -> Resource | None:
        """The resource with the same identity and the same content; None: there is none."""
        key = key_of(value, url)
        if key is None or key not in self._by_url:
            return None
        contents = self._contents.setdefault(key, {})
        for one in self._by_url[key][len(contents) :]:
            contents[_written(one.value)] = one
        return contents.get(_written(value))

    def remove(self, resources: Iterable[Resource]) -> None:
        """Let no reference find the resources or those in them, and do not list them."""
        gone = {id(one) for one in resources}
        for resource in self.all:
            if id(resource) in gone and (key := key_of(resource.value, resource.url)) is not None:
                self._removed.add(key)
                self._by_url[key] = [one for one in self._by_url.get(key, ()) if id(one) not in gone]
        self.all = [one for one in self.all if id(one.root) not in gone]

    def was_removed(self, reference: str, at: Resource) -> bool:
        """Whether a reference in the resource `at` points to a resource that was removed."""
        return target(reference, at.root.url)[0] in self._removed

    def conflicts(self) -> Iterator[list[Resource]]:
        """Resources that claim one identity: the same `fullUrl`, or type and id, without different versions."""
        for claimants in self._by_url.values():
            if len(claimants) > 1:
                versions = [_version(one) for one in claimants]
                if None in versions or len(set(versions)) < len(versions):
                    yield claimants

    def has_versions(self, resource: Resource) -> bool:
        """Whether there are other versions of the resource."""
        key = key_of(resource.value, resource.url)
        return key is not None and resource.container is None and len(self._by_url.get(key, ())) > 1

    def find(self, reference: str, at: Resource) -> Resource | None:
        """The resource that a reference in the resource `at` points to; None: it does not resolve."""
        if reference.startswith("#"):
            root = at.root
            found = root if reference == "#" else root.contained.get(reference[1:])
            return None if found is _AMBIGUOUS else found
        key, version = target(reference, at.root.url)
        claimants = self._by_url.get(key, []) if key is not None else []
        if key is None or not claimants:
            claimants = self._without_server(reference.partition("/_history/")[0], at.root.url)
        elif key.startswith(_URN) and not reference.startswith(_URN):
            claimants = [one for one in claimants if reference.startswith(f"{one.type}/")]
        if version is not None:
            claimants = [one for one in claimants if _version(one) == version]
        return claimants[0] if len(claimants) == 1 else None

    def _without_server(self, reference: str, url: str | None) -> list[Resource]:
        """The resources with this relative `fullUrl`, else those with this type and UUID.

        Empty if the `fullUrl` of the resource that has the reference names a server.
        """
        local = _RESTFUL.fullmatch(reference)
        if local is None or local["root"] or _root(url):
            return []
        literal = [one for one in self._by_url.get(reference, ()) if one.url == reference]
        type_, _, own = reference.partition("/")
        same_uuid = self._by_url.get(f"{_URN}{own}", ()) if _UUID.fullmatch(own) else ()
        return literal or [one for one in same_uuid if one.type == type_]


_AMBIGUOUS = Resource("", {}, "")


def contradicts_its_id(resource: Resource) -> bool:
    """Whether the `fullUrl` is a RESTful one of another type or id than the resource has."""
    parts = _RESTFUL.fullmatch(resource.url or "")
    return bool(parts and parts["root"] and parts["local"] != f"{resource.type}/{resource.value.get('id')}")


def key_of(value: Mapping[str, Any], url: str | None) -> str | None:
    """The identity of a resource: its `fullUrl`, else type and id; None: it has none, and nothing refers to it."""
    if url is not None:
        return url
    own = value.get("id")
    return f"{value['resourceType']}/{own}" if isinstance(own, str) else None


def target(reference: str, url: str | None) -> tuple[str | None, str | None]:
    """Identity and version that a reference names. `url`: the `fullUrl` of the resource that has the reference.

    The identity is None if the reference has no meaning there; the version is None if it names none.
    """
    versioned = _VERSIONED.fullmatch(reference)
    named, version = (versioned["url"], versioned["version"]) if versioned else (reference, None)
    if _ABSOLUTE.fullmatch(named):
        return named, version
    root, local = _root(url), _RESTFUL.fullmatch(named)
    if local is None or local["root"]:
        return None, version
    if root is not None:
        return root + named, version
    own = named.partition("/")[2]
    is_uuid = str(url).startswith(_URN) and _UUID.fullmatch(own)
    return f"{_URN}{own}" if is_uuid else None, version


def is_meaningless(reference: str, url: str | None) -> bool:
    """Whether it is relative, and stands in an entry whose `fullUrl` has no root, such as a UUID."""
    local = _RESTFUL.fullmatch(reference.partition("/_history/")[0])
    return local is not None and not local["root"] and _root(url) is None


MEANINGLESS = "a relative reference has no meaning in an entry whose fullUrl is no RESTful URL"


def _root(url: str | None) -> str | None:
    """What a relative reference continues; None when it has no meaning.

    Empty for a resource without `fullUrl`, and for one whose `fullUrl` is relative itself, such as `Patient/1`.
    """
    if url is None:
        return ""
    parts = _RESTFUL.fullmatch(url)
    return parts["root"] if parts else None


def _written(value: Mapping[str, Any]) -> str:
    """The content as text, whose numbers have their digits."""
    return json.dumps(value, sort_keys=True, default=lambda number: {"digits": str(number)})


def _version(resource: Resource) -> str | None:
    meta = resource.value.get("meta")
    version = meta.get("versionId") if isinstance(meta, dict) else None
    return version if isinstance(version, str) else None
