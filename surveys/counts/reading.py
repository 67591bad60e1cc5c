"""What a unit counts as, read from the rows as they are: the one place for that, in SQL for both databases."""

from typing import Final

from surveys.complaints import COMPLAINT_ON_THEME

UNKNOWN: Final = "unknown"
Dialect = str
"""`sqlite`, or anything else for those that have SPLIT_PART."""

UNIT_COLUMNS: Final = (
    "unit, week, source, survey_id, wording_version, reason, country, locale, language, touchpoint, segment, "
    "person, score, partial, "
    "comments, unanalysed, with_language, unknown_language, sentiment, band"
)
THEME_COLUMNS: Final = "unit, code, week, person, verbatim_id, pain_id, complains, counts"
RESPONSES: Final = (
    "response r JOIN survey s ON s.id = r.survey_id LEFT JOIN verbatim v ON v.response_id = r.id"
)
# A copy of a post counts with the post: it has no words of its own.
MENTIONS: Final = "mention m JOIN verbatim v ON v.mention_id = m.id AND m.copy_of_id IS NULL"


def response_units(week: str, where: str, dialect: Dialect) -> str:
    """Responses as units of a week; `week` is an SQL expression."""
    return (
        f"SELECT r.id, {week}, 'response', r.survey_id, r.wording_version, "  # noqa: S608 - our own texts only
        "CASE WHEN s.metric = 'exit' THEN COALESCE(r.exit_reason, '') ELSE '' END, "
        f"COALESCE(r.country, ''), COALESCE(r.locale, ''), {_language('r', dialect)}, "
        "COALESCE(r.touchpoint, ''), COALESCE(r.segment, ''), 'c' || CAST(r.customer_id AS VARCHAR), "
        "CASE WHEN s.metric = 'exit' THEN NULL ELSE r.score END, "
        "CASE WHEN r.state = 'partial' THEN 1 ELSE 0 END, CASE WHEN v.id IS NULL THEN 0 ELSE 1 END, "
        f"{_words()}, COALESCE(v.band, '') FROM {RESPONSES} WHERE {where}"
    )


def mention_units(week: str, where: str, dialect: Dialect) -> str:
    """Mentions with words of their own as units of a week."""
    return (
        f"SELECT -m.id, {week}, 'mention', 0, 0, '', COALESCE(v.country, ''), COALESCE(v.locale, ''), "  # noqa: S608 - see above
        f"{_language('v', dialect)}, '', '', m.author_hash, NULL, 0, 1, {_words()}, '' FROM {MENTIONS} WHERE {where}"
    )


def _words() -> str:
    return (
        "CASE WHEN v.id IS NOT NULL AND v.analysed_at IS NULL THEN 1 ELSE 0 END, "
        "CASE WHEN v.language IS NULL THEN 0 ELSE 1 END, CASE WHEN v.language = 'und' THEN 1 ELSE 0 END, "
        "COALESCE(v.sentiment, '')"
    )


def _language(row: str, dialect: Dialect) -> str:
    """The language found in the words, else that of the declared locale: `zh-Hant` and `zh-Hans` are one."""
    locale = f"{row}.locale"
    if dialect == "sqlite":
        first = f"SUBSTR({locale}, 1, INSTR({locale} || '-', '-') - 1)"
    else:
        first = f"SPLIT_PART({locale}, '-', 1)"
    return f"COALESCE(NULLIF(v.language, ''), NULLIF(LOWER({first}), ''), '{UNKNOWN}')"


def unit_themes(tie: str, themes: str, where: str) -> str:
    """The themes of units that are counted already; `themes` is what stands for `verbatim_theme` (surveys/taxonomy.py).

    Two found codes that count as one are one theme. The first complaint of a person is told among the units asked for,
    so the one that would be first without them has to be among them (folding.py).
    """
    # A verbatim's pain points stand by the codes as they were found.
    found = "t" if themes == "verbatim_theme" else "f"
    again = "" if found == "t" else "JOIN verbatim_theme f ON f.id = t.id "
    named = (
        "SELECT c.unit, t.code, c.week, c.person, v.id AS verbatim_id, "  # noqa: S608 - our own texts only
        f"COALESCE(MIN(CASE WHEN {COMPLAINT_ON_THEME} THEN l.pain_id END), 0) AS pain_id, "
        f"MAX(CASE WHEN {COMPLAINT_ON_THEME} THEN 1 ELSE 0 END) AS complains "
        f"FROM counted_unit c JOIN verbatim v ON {tie} JOIN {themes} t ON t.verbatim_id = v.id {again}"
        f"LEFT JOIN verbatim_pain l ON l.verbatim_id = v.id AND l.theme = {found}.code "
        f"WHERE {where} GROUP BY c.unit, t.code, c.week, c.person, v.id"
    )
    # What differs most comes first: the database sorts by it.
    place = (
        "ROW_NUMBER() OVER (PARTITION BY COALESCE(x.person, CAST(x.unit AS VARCHAR)), x.code, x.complains, x.week "
        "ORDER BY x.verbatim_id)"
    )
    return (
        "SELECT x.unit, x.code, x.week, x.person, x.verbatim_id, x.pain_id, x.complains, "  # noqa: S608 - see above
        f"CASE WHEN x.complains = 1 AND {place} = 1 THEN 1 ELSE 0 END FROM ({named}) x "
        # Without it SQLite takes the ON CONFLICT that follows for that of a join.
        "WHERE x.unit <> 0"
    )


OF_RESPONSES: Final = "v.response_id = c.unit"
OF_MENTIONS: Final = "v.mention_id = -c.unit"
