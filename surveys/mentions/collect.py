"""Posts found somewhere become mentions: unique by source and id, copies collapsed, words through the one door."""

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

import anyio.to_thread
from tortoise.transactions import in_transaction

from surveys.db import query
from surveys.mentions.likeness import Pool, likeness
from surveys.mentions.models import Mention
from surveys.nudge import nudge
from surveys.settings import settings
from surveys.verbatims.write import BULK, MaskedWords, Words, masked, mention_draft, write_many

# Copies of a post are looked for this far around it.
COPY_WINDOW = timedelta(days=14)
LONGEST_TEXT = 10_000


@dataclass(frozen=True)
class Found:
    """A post as its source gives it; author names are hashed on the way in."""

    source: str
    external_id: str
    published_at: datetime
    text: str
    author: str | None = None
    url: str | None = None
    country: str | None = None
    locale: str | None = None

    @property
    def content_hash(self) -> str:
        """Equal for posts that say the same."""
        return hashlib.sha256(json.dumps([str(value) for value in vars(self).values()]).encode()).hexdigest()


class Fate(Enum):
    """What became of a post."""

    ACCEPTED = auto()
    DUPLICATE = auto()
    CHANGED = auto()


async def keep(posts: Sequence[Found], progress: Callable[[int, int], None] | None = None) -> list[Fate]:
    """Store what is new, in one transaction; says for each post what became of it, in order."""
    # Masking takes seconds; other requests go on meanwhile.
    prepared = await anyio.to_thread.run_sync(_masked, posts, progress)
    async with in_transaction():
        fates = await _fates(posts)
        fresh = [
            (post, words)
            for post, words, fate in zip(posts, prepared, fates, strict=True)
            if fate is Fate.ACCEPTED
        ]
        if fresh:
            await _store(fresh)
    if fresh:
        await nudge()
    return fates


def _masked(posts: Sequence[Found], progress: Callable[[int, int], None] | None) -> list[MaskedWords]:
    prepared: list[MaskedWords] = []
    for count, post in enumerate(posts, 1):
        prepared.append(masked(Words(post.text[:LONGEST_TEXT]), post.country, post.locale))
        if progress and (count % 50 == 0 or count == len(posts)):
            progress(count, len(posts))
    return prepared


async def _fates(posts: Sequence[Found]) -> list[Fate]:
    keys = [(post.source, post.external_id) for post in posts]
    known = await _stored("content_hash", keys)
    fates: list[Fate] = []
    for post, key in zip(posts, keys, strict=True):
        if key not in known:
            known[key] = post.content_hash
            fates.append(Fate.ACCEPTED)
        else:
            fates.append(Fate.DUPLICATE if known[key] == post.content_hash else Fate.CHANGED)
    return fates


async def _stored(column: str, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """A column of the mentions that are kept, by source and id: a file may name a source in each of its rows."""
    found: dict[tuple[str, str], Any] = {}
    for start in range(0, len(keys), BULK):
        chunk = keys[start : start + BULK]
        pairs = ", ".join(["({}, {})"] * len(chunk))
        rows = await query(
            f"WITH asked(source, name) AS (VALUES {pairs}) "  # noqa: S608 - our own column names
            f"SELECT m.source, m.external_id, m.{column} AS value FROM asked "
            "JOIN mention m ON m.source = asked.source AND m.external_id = asked.name",
            *(part for key in chunk for part in key),
        )
        found.update({(row["source"], row["external_id"]): row["value"] for row in rows})
    return found


async def _store(fresh: list[tuple[Found, MaskedWords]]) -> None:
    mentions = [_mention(post, words) for post, words in fresh]
    await Mention.bulk_create(mentions, batch_size=BULK)
    for mention, key in zip(mentions, await _ids(mentions), strict=True):
        mention.id = key
    await _collapse(mentions)
    originals = [
        (mention_draft(mention, words), words)
        for mention, (_post, words) in zip(mentions, fresh, strict=True)
        if mention.copy_of_id is None and words.text.strip()
    ]
    if originals:
        await write_many(originals)


def _mention(post: Found, words: MaskedWords) -> Mention:
    return Mention(
        source=post.source,
        external_id=post.external_id,
        content_hash=post.content_hash,
        author_hash=author_hash(post.source, post.author) if post.author else None,
        published_at=post.published_at,
        url=post.url,
        country=post.country,
        locale=post.locale,
        likeness=likeness(words.text),
    )


def author_hash(source: str, author: str) -> str:
    """Tells authors apart without naming them; only this installation's key can make it."""
    said = f"{source}\n{author}".encode()
    return hmac.new(settings().signing_key.encode(), said, hashlib.sha256).hexdigest()


async def _ids(mentions: Sequence[Mention]) -> list[int]:
    """Bulk inserts give no ids back on SQLite."""
    keys = [(mention.source, mention.external_id) for mention in mentions]
    found = await _stored("id", keys)
    return [found[key] for key in keys]


async def _collapse(mentions: list[Mention]) -> None:
    """Point near-identical posts at the first of them."""
    first = min(mention.published_at for mention in mentions) - COPY_WINDOW
    last = max(mention.published_at for mention in mentions) + COPY_WINDOW
    new = {mention.id for mention in mentions}
    pool = Pool(COPY_WINDOW)
    rows = Mention.filter(published_at__gte=first, published_at__lte=last, copy_of=None).order_by("id")
    for key, value, at in await rows.values_list("id", "likeness", "published_at"):
        if key not in new:
            pool.add(key, value or "", at)
    copies: list[Mention] = []
    for mention in sorted(mentions, key=lambda each: (each.published_at, each.id)):
        original = pool.first_like(mention.likeness or "", mention.published_at)
        if original is None:
            pool.add(mention.id, mention.likeness or "", mention.published_at)
        else:
            mention.copy_of_id = original
            copies.append(mention)
    if copies:
        await Mention.bulk_update(copies, fields=["copy_of_id"], batch_size=BULK)
