"""Renews the catalogues from the code: new sentences come in untranslated, those that nobody says any more go.

`bin/messages` renews all domains, `bin/messages digest` one. A sentence that moves between `digest` and `app` keeps its
translation.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).parents[2]
KEYWORDS = "_ marked gettext ngettext:1,2"
DOMAINS = ("respondent", "digest", "app")
NEIGHBOURS = {"digest": "app", "app": "digest"}


def extracted(domain: str) -> polib.POFile:
    """Every sentence of a domain as the code and the templates say it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "messages.pot"
        subprocess.run(
            [
                sys.executable,
                "-m",
                "babel.messages.frontend",
                "-q",
                "extract",
                "--mapping",
                f"locales/{domain}.cfg",
                "--keywords",
                KEYWORDS,
                "--no-location",
                "--sort-output",
                "--no-wrap",
                "--omit-header",
                "--add-comments",
                "Translators:",
                "--output",
                str(path),
                ".",
            ],
            cwd=ROOT,
            check=True,
        )
        return polib.pofile(str(path), wrapwidth=100_000)


def renewed(catalogue: polib.POFile, wanted: polib.POFile, neighbour: polib.POFile) -> polib.POFile:
    """The catalogue with exactly the wanted sentences, translated as far as it or its neighbour had them."""
    known = {
        (entry.msgid, entry.msgid_plural): entry
        for entry in [*neighbour, *catalogue]
        if entry.translated() and not entry.obsolete
    }
    result = polib.POFile(wrapwidth=100_000)
    result.header, result.metadata = catalogue.header, catalogue.metadata
    forms = int(catalogue.metadata["Plural-Forms"].partition("nplurals=")[2].partition(";")[0])
    for sentence in wanted:
        entry = known.get((sentence.msgid, sentence.msgid_plural))
        fresh = polib.POEntry(
            msgid=sentence.msgid,
            msgid_plural=sentence.msgid_plural,
            comment=sentence.comment or (entry.comment if entry else ""),
            flags=sentence.flags,
        )
        if sentence.msgid_plural:
            fresh.msgstr_plural = entry.msgstr_plural if entry else dict.fromkeys(range(forms), "")
        else:
            fresh.msgstr = entry.msgstr if entry else ""
        result.append(fresh)
    return result


def neighbouring(path: Path) -> polib.POFile:
    """The catalogue of the same locale that sentences may come from."""
    other = path.with_name(f"{NEIGHBOURS.get(path.stem, path.stem)}.po")
    return polib.pofile(str(other)) if other.exists() else polib.POFile()


def main(domains: list[str]) -> None:
    """Renew every catalogue there is of these domains and compile it."""
    # All are read before any is written, so that what moves is still where it was.
    read = {
        path: (polib.pofile(str(path), wrapwidth=100_000), neighbouring(path))
        for domain in domains
        for path in sorted((ROOT / "locales").glob(f"*/LC_MESSAGES/{domain}.po"))
    }
    wanted = {domain: extracted(domain) for domain in domains}
    for path, (before, neighbour) in read.items():
        catalogue = renewed(before, wanted[path.stem], neighbour)
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        left = len(catalogue.untranslated_entries())
        print(f"{path.relative_to(ROOT)}: {left} of {len(catalogue)} to translate")


if __name__ == "__main__":
    main(sys.argv[1:] or list(DOMAINS))
