"""Commands about customers. What they need is imported when they run: `--help` must be quick."""

from collections.abc import Callable
from typing import Any

from surveys.importing import File, Json, Rejects, import_file


def import_customers(file: File, as_json: Json = False, rejects: Rejects = None) -> None:
    """Import customer records; a later record of the same customer brings the earlier one up to date.

    Columns: customer_id (needed), locale, country, segment, email. A column that the file lacks is left as it was.
    """
    from surveys.customers import imports  # noqa: PLC0415 - see above

    async def importer(content: bytes, name: str, _progress: Callable[[int, int], None]) -> Any:
        return (await imports.import_customers(content, name)).report

    import_file(file, importer, as_json=as_json, rejects=rejects)
