"""Which of the site's own themes a text speaks of, by its embedding: asked for each batch that was analysed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from sentiment.own_themes import Floats, Matcher
from sentiment.sentences import Stretch, sentences
from sentiment.verdict import ThemeHit, Verdict
from surveys.themes.models import SiteTheme, ThemeState
from surveys.verbatims.models import Verbatim

# A merged or hidden theme is still looked for, so that it is whole when that is taken back.
LIVE: Final = (ThemeState.ACTIVE, ThemeState.MERGED, ThemeState.HIDDEN)
# Texts to their embeddings [n, d]: the model's, which only a worker holds.
Read = Callable[[list[str]], Floats]


@dataclass(frozen=True)
class OwnTheme:
    """An own theme that can be looked for among the embeddings of one model version."""

    code: str
    space: str
    matcher: Matcher


async def own_themes() -> list[OwnTheme]:
    """All that can be looked for now, in the order of their codes."""
    rows = await SiteTheme.filter(
        is_own=True, state__in=list(LIVE), direction__not_isnull=True, space__not_isnull=True
    ).order_by("code")
    return [
        OwnTheme(row.code or "", row.space or "", matcher) for row in rows if (matcher := matcher_of(row))
    ]


def matcher_of(theme: SiteTheme) -> Matcher | None:
    """The matcher as the row keeps it; None before it was made."""
    if theme.centre is None or theme.direction is None or theme.threshold is None:
        return None
    return Matcher(
        np.frombuffer(theme.centre, np.float32),
        np.frombuffer(theme.direction, np.float32),
        theme.threshold,
    )


def with_own_themes(
    understood: Sequence[tuple[Verbatim, Verdict]], wanted: Sequence[OwnTheme], read: Read
) -> list[tuple[Verbatim, Verdict]]:
    """The same verdicts with the site's own themes among theirs; a text without an embedding gets none.

    Evidence is placed in the text as it is stored, of which the analysis may have masked more.
    """
    found = [_matching(verdict, wanted) for _, verdict in understood]
    places = evidence(
        [
            (row.masked_text, [theme.matcher for theme in themes])
            for (row, _), themes in zip(understood, found, strict=True)
        ],
        read,
    )
    return [
        (row, replace(verdict, themes=(*verdict.themes, *_hits(verdict, themes, stretches))))
        for (row, verdict), themes, stretches in zip(understood, found, places, strict=True)
    ]


def evidence(texts: Sequence[tuple[str, Sequence[Matcher]]], read: Read) -> list[list[Stretch | None]]:
    """For each text and each of its matchers the sentence that speaks of the theme most; None without letters.

    Only texts of several sentences are read again, sentence by sentence, and all of them at once.
    """
    parts = [sentences(text) if matchers else [] for text, matchers in texts]
    several = [
        (text, stretches) for (text, _), stretches in zip(texts, parts, strict=True) if len(stretches) > 1
    ]
    pieces = [text[start:end] for text, stretches in several for start, end in stretches]
    vectors = read(pieces) if pieces else np.empty((0, 0), np.float32)
    found: list[list[Stretch | None]] = []
    at = 0
    for (_, matchers), stretches in zip(texts, parts, strict=True):
        if len(stretches) < 2:
            found.append([stretches[0] if stretches else None for _ in matchers])
            continue
        own = vectors[at : at + len(stretches)]
        at += len(stretches)
        found.append([stretches[matcher.evidence(own) or 0] for matcher in matchers])
    return found


def _hits(verdict: Verdict, themes: Sequence[OwnTheme], places: Sequence[Stretch | None]) -> list[ThemeHit]:
    if verdict.embedding is None:
        return []
    vector = verdict.embedding[None, :]
    return [
        ThemeHit(
            theme.code,
            chance(theme.matcher, vector)[0],
            place.start if place else None,
            place.end if place else None,
            "site",
        )
        for theme, place in zip(themes, places, strict=True)
    ]


def _matching(verdict: Verdict, wanted: Sequence[OwnTheme]) -> list[OwnTheme]:
    if verdict.embedding is None:
        return []
    vector = verdict.embedding[None, :]
    return [
        theme
        for theme in wanted
        if theme.space == verdict.model_version
        and len(theme.matcher.direction) == vector.shape[1]
        and theme.matcher.matches(vector)[0]
    ]


def chance(matcher: Matcher, vectors: Floats) -> list[float]:
    """The chances as they are stored."""
    return [round(float(value), 4) for value in matcher.chances(vectors)]


def vectors_of(rows: Sequence[dict[str, Any]]) -> Floats:
    """The stored embeddings of rows, [n, d]."""
    if not rows:
        return np.empty((0, 0), np.float32)
    return np.stack([np.frombuffer(bytes(row["embedding"]), np.float16) for row in rows]).astype(np.float32)
