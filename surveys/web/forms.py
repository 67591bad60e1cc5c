"""Fields of a posted form, as text that a database keeps."""

from collections.abc import Iterable

from starlette.datastructures import FormData, UploadFile

# A page's field never holds more; what is longer is cut off before anything looks at it.
LONGEST_FIELD = 20_000


def typed(form: FormData, name: str, longest: int = LONGEST_FIELD) -> str:
    """What was typed into a field, the last one of that name; NUL and lone surrogates are dropped."""
    value = form.get(name, "")
    if isinstance(value, UploadFile):
        return ""
    return value[:longest].replace("\x00", "").encode("utf-8", "ignore").decode("utf-8").strip()


def typed_fields(form: FormData, names: Iterable[str]) -> dict[str, str]:
    """Several fields by name; one that was not sent is empty."""
    return {name: typed(form, name) for name in names}


async def uploaded(form: FormData, name: str) -> tuple[str, bytes] | None:
    """A file's name and content; None when none was chosen."""
    file = form.get(name)
    if not isinstance(file, UploadFile) or not file.filename:
        return None
    return typed(FormData([("name", file.filename)]), "name")[:200], await file.read()
