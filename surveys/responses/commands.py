"""Commands about responses. What they need is imported when they run: `--help` must be quick."""

from surveys.importing import File, Json, Rejects, import_file


def import_responses(file: File, as_json: Json = False, rejects: Rejects = None) -> None:
    """Import responses; the same file twice changes nothing.

    Columns: external_id, survey, metric, submitted_at (these four are needed), score, comment, locale, country,
    channel, customer_id, touchpoint, segment, exit_reason.
    """
    from surveys.responses import imports  # noqa: PLC0415 - see above

    import_file(file, imports.import_responses, as_json=as_json, rejects=rejects)
