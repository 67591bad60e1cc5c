"""Comments in, verdicts out, as JSON lines: the contract of `polyvox understand`.

In: `{"text", "locale"?, "country"?}` a line. Out, in the same order, exactly one line each:
`language` (ISO 639-1, else 639-3, `und`, or `mixed` with the extra key `languages`),
`language_best`, `language_confidence`, `sentiment`, `probabilities` (negative, neutral, positive),
`themes` (`code`, `confidence`, `evidence`: [start, end) in code points of the text as given, or
null) and `masked_text`; for `mixed` also `sentences` (`start`, `end`, `sentiment`,
`probabilities`), and when asked for `embedding` (384 numbers of unit length; null without words). A line that cannot be read gives `{"error": "..."}` in its place, and the
status is 1. A locale or country that is not known is ignored.

Lines are read up to 32 at a time; what has been read is answered as soon as the input pauses.
"""

import json
import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from sentiment.language import MIXED
from sentiment.verdict import Comment, SentenceJudgement, Sentiment, Verdict

BATCH = 32
PAUSE_SECONDS = 0.05
_READ_AHEAD = 4 * BATCH
_MOST_BYTES = 16 * 1024 * 1024
_ENDED = object()


class _Analyser(Protocol):
    def analyse(self, items: list[Comment]) -> list[Verdict]: ...


class _Output(Protocol):
    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...


def understand(
    lines_in: Iterable[bytes | str], out: _Output, analyser: _Analyser, *, embedding: bool = False
) -> int:
    """Answers every line of `lines_in` on `out`; 0, or 1 if a line could not be read.

    `lines_in` is a stream opened in binary or text mode; binary is read as UTF-8, so that broken
    bytes cost one line and not the run.
    """
    status = 0
    for batch in _batches(lines_in):
        answers = _answer(batch, analyser, embedding)
        for answer in answers:
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
            if "error" in answer:
                status = 1
        out.flush()
    return status


def _batches(lines_in: Iterable[bytes | str]) -> Iterator[list[bytes | str]]:
    """Up to 32 lines each; fewer when the input pauses. A thread reads, so that a pause shows."""
    lines: queue.Queue[Any] = queue.Queue(maxsize=_READ_AHEAD)
    threading.Thread(target=_read, args=(lines_in, lines), name="understand-reader", daemon=True).start()
    ended: object = None
    while ended is None:
        batch: list[bytes | str] = []
        while len(batch) < BATCH and ended is None:
            try:
                line = lines.get(timeout=PAUSE_SECONDS if batch else None)
            except queue.Empty:
                break
            if isinstance(line, bytes | str):
                batch.append(line)
            else:
                ended = line
        if batch:
            yield batch
    if isinstance(ended, Exception):
        raise ended


def _read(lines_in: Iterable[bytes | str], lines: "queue.Queue[Any]") -> None:
    """Fills the queue, and closes it with a mark or with what went wrong."""
    try:
        for line in lines_in:
            lines.put(line)
        lines.put(_ENDED)
    except Exception as error:  # noqa: BLE001 (handed over the queue, raised by the caller)
        lines.put(error)


def _answer(
    batch: list[bytes | str],
    analyser: _Analyser,
    embedding: bool,
) -> list[dict[str, Any]]:
    parsed = [parse_line(line) for line in batch]
    comments = [found for found in parsed if isinstance(found, Comment)]
    verdicts = iter(analyser.analyse(comments))
    answers: list[dict[str, Any]] = []
    for found in parsed:
        if isinstance(found, Comment):
            verdict = next(verdicts)
            answers.append(as_json(verdict) | (embedding_json(verdict) if embedding else {}))
        else:
            answers.append({"error": found})
    return answers


def parse_line(line: bytes | str) -> Comment | str:
    """The comment of a line, or a sentence that says why there is none."""
    if len(line) > _MOST_BYTES:
        return "The line is longer than 16 MiB."
    try:
        decoded = line.decode("utf-8-sig") if isinstance(line, bytes) else line.lstrip("\ufeff")
        # No number is of use here, and int() refuses one of thousands of digits.
        row = json.loads(decoded, parse_int=float) if decoded.strip() else None
    except UnicodeDecodeError:
        return "The line is not UTF-8."
    except (ValueError, RecursionError):
        return "The line is not JSON."
    if not decoded.strip():
        return "The line is blank."
    text = row.get("text") if isinstance(row, dict) else None
    if not isinstance(row, dict) or not isinstance(text, str):
        return 'The line is not a JSON object with a "text".'
    return Comment(text, _optional_text(row.get("locale")), _optional_text(row.get("country")))


def _optional_text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def embedding_json(verdict: Verdict) -> dict[str, Any]:
    """The embedding in six decimals, which is finer than the model."""
    vector = verdict.embedding
    return {"embedding": None if vector is None else [round(float(part), 6) for part in vector]}


def as_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the contract writes it."""
    language, sentiment = verdict.language, verdict.sentiment
    answer: dict[str, Any] = {"language": language.code}
    if language.code == MIXED:
        answer["languages"] = list(language.languages)
    answer |= {
        "language_best": language.best,
        "language_confidence": round(language.confidence, 6),
        "sentiment": sentiment.label,
        "probabilities": probabilities(sentiment),
        "themes": [
            {
                "code": hit.code,
                "confidence": hit.confidence,
                "evidence": None if hit.start is None else [hit.start, hit.end],
            }
            for hit in verdict.themes
        ],
        "masked_text": verdict.masked_text,
    }
    if sentiment.label == "mixed":
        answer["sentences"] = [
            {
                "start": part.start,
                "end": part.end,
                "sentiment": part.label,
                "probabilities": probabilities(part),
            }
            for part in verdict.sentences
        ]
    return answer


def probabilities(found: Sentiment | SentenceJudgement) -> dict[str, float]:
    """Of the three polarities."""
    return {"negative": found.negative, "neutral": found.neutral, "positive": found.positive}
