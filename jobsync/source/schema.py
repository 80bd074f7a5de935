"""What pydantic models say about the keys and choices at a place, for messages that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from jobsync.source.tree import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobsync.model.paths import Path
    from jobsync.model.values import Json


def in_file(location: tuple[int | str, ...], model: type[BaseModel]) -> Path:
    """Turn pydantic's location into a path.

    It puts the tag of a union behind the union's field, a level that files do not have.
    """
    if len(location) > 1 and len(_models(model, str(location[0]))) > 1:
        return (location[0], *location[2:])
    return location


def keys(path: Path, value: Json, model: type[BaseModel]) -> list[str]:
    """Return the keys that the mapping at `path` may have; of a union, those of the one its `type` names."""
    owner = _only(_owners(path, value, model), at(value, path))
    return list(owner.model_fields) if owner else []


def choices(path: Path, value: Json, model: type[BaseModel]) -> list[str]:
    """Return the texts that the field at `path` may be."""
    owners = _owners(path[:-1], value, model)
    return [text for owner in owners for text in _texts(owner.model_fields[str(path[-1])].annotation)]


def _owners(path: Path, value: Json, model: type[BaseModel]) -> list[type[BaseModel]]:
    """Return the models that the mapping at `path` may follow: several where it is a tagged union."""
    owners = [model]
    for index, part in enumerate(path):
        if isinstance(part, str):
            owner = _only(owners, at(value, path[:index]))
            owners = _models(owner, part) if owner else []
    return owners


def _only(owners: list[type[BaseModel]], value: Json) -> type[BaseModel] | None:
    tag = value.get("type") if isinstance(value, dict) else None
    for owner in owners:
        if len(owners) == 1 or tag in list(_texts(owner.model_fields["type"].annotation)):
            return owner
    return None


def _models(model: type[BaseModel], name: str) -> list[type[BaseModel]]:
    return list(_models_in(model.model_fields[name].annotation)) if name in model.model_fields else []


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    else:
        for inner in get_args(annotation):
            yield from _models_in(inner)


def _texts(annotation: Any) -> Iterator[str]:
    for inner in get_args(annotation):
        if isinstance(inner, str):
            yield inner
        else:
            yield from _texts(inner)
