"""A site's own calibration of the sentiment model: where it is kept, and what it says. No model is loaded here."""

from pathlib import Path
from typing import Final

from sentiment.calibrate import Fit, read_fit
from surveys.settings import settings

FILE: Final = "calibration.json"


def calibration_file() -> Path:
    """Where `polyvox recalibrate` keeps it. Looking there makes no folder: `polyvox understand` needs none."""
    return settings().polyvox_home / FILE


def kept_calibration() -> Fit | None:
    """What is kept, whichever model it belongs to."""
    return read_fit(calibration_file())


def calibration_stamp() -> int | None:
    """Changes whenever another calibration is kept; None while there is none."""
    try:
        return calibration_file().stat().st_mtime_ns
    except OSError:
        return None
