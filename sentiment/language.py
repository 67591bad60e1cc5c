"""Which language a short text is written in: profiles + py3langid + script + the form's locale.

The steps are those measured for this product; the weights were tuned on a development set of short
comments in 39 languages (`python -m sentiment.evaluate language FILE`).
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import LanguageIdentifier

from sentiment.clean import clean
from sentiment.language_codes import CORE, RENAMED, VARIANTS, language_of, languages_of
from sentiment.profiles import Profiles
from sentiment.scripts import LANGUAGES, count_scripts, main_script
from sentiment.verdict import Language

Vector = NDArray[np.float64]

_OVERLAP = 12.0
_OVERLAP_ARABIC = 8.0
_PROFILE_FLOOR = -8.0
_NO_PROFILE = -1.0
_RANK_FLOOR = 1e-6
_RANK_LOWEST = -7.0
_RANK_WEIGHT = 1.5
_RANK_WEIGHT_ARABIC = 0.3
_TEMPER = 0.8
_OTHER_SCRIPT = -50.0
_OUTSIDE = -2.5
