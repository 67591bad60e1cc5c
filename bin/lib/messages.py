"""Renews the catalogues from the code: new sentences come in untranslated, those that nobody says any more go."""

import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).parents[2]
KEYWORDS = "_ marked gettext ngettext:1,2"
DOMAINS = ("respondent", "app")


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


def renewed(catalogue: polib.POFile, wanted: polib.POFile) -> polib.POFile:
    """The catalogue with exactly the wanted sentences, translated as far as it had them."""
    known = {(entry.msgid, entry.msgid_plural): entry for entry in catalogue if not entry.obsolete}
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


def main() -> None:
    """Renew every catalogue there is and compile it."""
    for domain in DOMAINS:
        wanted = extracted(domain)
        for path in sorted((ROOT / "locales").glob(f"*/LC_MESSAGES/{domain}.po")):
            catalogue = renewed(polib.pofile(str(path), wrapwidth=100_000), wanted)
            catalogue.save(str(path))
            catalogue.save_as_mofile(str(path.with_suffix(".mo")))
            print(
                f"{path.relative_to(ROOT)}: {len(catalogue.untranslated_entries())} of {len(wanted)} to translate"
            )


if __name__ == "__main__":
    main()
