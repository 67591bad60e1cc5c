"""The rows never trained on, kept as hashes: a tenth of each open file, and every `nc_` and `unk_` file whole.

`python -m sentiment.training.set_aside --data FOLDER` chooses them anew and ends with 1 where the hashes
kept here are others; `--write` keeps them. FOLDER holds `sentiment/`. Texts are never kept.
"""

import argparse
import gzip
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from sentiment.training.rows import HASH_DIGITS, NOT_TRAINED_ON, Row, read_rows

HERE = Path(__file__).parent
TENTH = HERE / "set_aside.txt.gz"
WHOLE = HERE / "set_aside_whole.txt.gz"
OPEN_FILES = "open_*.jsonl"
WHOLE_FILES = "[nu]*_*.jsonl"
SHARE = 0.1
MOST = 500


def choose_tenth(rows: Iterable[Row]) -> set[str]:
    """Keys of the rows of open files never trained on: a tenth of each, at most 500 a language.

    Which tenth is decided by the hash of the text alone, so it stays the same when rows join.
    """
    chosen: dict[tuple[str, str], set[str]] = defaultdict(set)
    limit = int(SHARE * 16**HASH_DIGITS)
    for row in rows:
        if int(row.key, 16) < limit:
            chosen[row.file, row.language].add(row.key)
    return {key for keys in chosen.values() for key in sorted(keys)[:MOST]}


def words_of(rows: Iterable[Row]) -> set[str]:
    """What may not be trained on in any language: the hashes of the texts alone."""
    return {row.words_key for row in rows}


def may_train(row: Row, words: AbstractSet[str]) -> bool:
    """Whether licence, labels and honesty let the row be trained on; `words` are those of the rows set aside."""
    return row.file not in NOT_TRAINED_ON and not row.doubtful and row.words_key not in words


def choose(folder: Path) -> dict[Path, set[str]]:
    """The keys that each of the two files should hold."""
    return {
        TENTH: choose_tenth(read_rows(folder, OPEN_FILES)),
        WHOLE: {row.key for row in read_rows(folder, WHOLE_FILES)},
    }


def write_keys(keys: Iterable[str], path: Path) -> None:
    """One key a line, sorted, gzipped."""
    # mtime=0 keeps the file the same from run to run.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
        packed.write("".join(f"{key}\n" for key in sorted(keys)).encode())


def read_keys(path: Path) -> frozenset[str]:
    """What `write_keys` wrote."""
    return frozenset(gzip.decompress(path.read_bytes()).decode().split())


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, or write."""
    parser = argparse.ArgumentParser(prog="python -m sentiment.training.set_aside", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds sentiment/")
    parser.add_argument("--write", action="store_true", help="keep the hashes")
    options = parser.parse_args(arguments)
    differ = False
    for path, keys in choose(options.data / "sentiment").items():
        if options.write:
            write_keys(keys, path)
        kept = read_keys(path)
        differ |= kept != keys
        missing, spare = len(keys - kept), len(kept - keys)
        sys.stdout.write(f"{path.name}: {len(keys)} rows, {missing} not kept, {spare} kept too many\n")
    return int(differ)


if __name__ == "__main__":
    raise SystemExit(main())
