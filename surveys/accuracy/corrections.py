"""What people said of verbatims in the inbox, as labelled texts: the form that `python -m sentiment.evaluate` reads.

One object for each verbatim that a person corrected or confirmed: `text` (masked), `lang`, `label` (the sentiment), `themes`:
what counts now; `corrected`, the fields in which the machine was wrong; `confirmed`, whether somebody saved it as it stood;
`machine`, what the machine had said. Whoever corrects one field has seen the others, so those count as agreed to; unless the
machine had not read the comment yet: then they are null, for nobody judged them.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from surveys.verbatims.correct import CONFIRMED, FIELDS, UNREAD
from surveys.verbatims.models import Correction, Verbatim, VerbatimTheme

BATCH: Final = 500
Labelled = dict[str, Any]


async def judged_rows() -> AsyncIterator[Labelled]:
    """Every verbatim that a person judged, in the order of their ids."""
    ids = await Correction.all().order_by("verbatim_id").distinct().values_list("verbatim_id", flat=True)
    judged = [int(key) for key in ids]  # type: ignore[call-overload]
    for start in range(0, len(judged), BATCH):
        chunk = judged[start : start + BATCH]
        corrections = await Correction.filter(verbatim_id__in=chunk).order_by("id")
        themes = await VerbatimTheme.filter(verbatim_id__in=chunk).order_by("code")
        for row in await Verbatim.filter(id__in=chunk).order_by("id"):
            yield _labelled(
                row,
                [found for found in corrections if found.verbatim_id == row.id],
                [hit.code for hit in themes if hit.verbatim_id == row.id],
            )


def _labelled(row: Verbatim, corrections: Sequence[Correction], themes: list[str]) -> Labelled:
    fields = {found.field for found in corrections}
    first = next((found for found in corrections if found.field == "themes"), None)
    before = themes if first is None else sorted(hit["code"] for hit in first.before["value"])
    judged = fields if all(UNREAD.items() <= found.before.items() for found in corrections) else FIELDS
    return {
        "text": row.masked_text,
        "lang": row.language if "language" in judged else None,
        "label": row.sentiment if "sentiment" in judged else None,
        "themes": themes if "themes" in judged else None,
        "corrected": sorted(fields - {CONFIRMED}),
        "confirmed": CONFIRMED in fields,
        "machine": {
            "lang": row.machine_language,
            "label": row.machine_sentiment,
            "chances": {name: getattr(row, name) for name in ("negative", "neutral", "positive")},
            "themes": before,
            "model_version": row.model_version,
        },
    }
