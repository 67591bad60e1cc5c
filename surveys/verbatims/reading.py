"""The analyser as this site uses it: its model, with its own calibration where that belongs to the model."""

import structlog

from sentiment.analyse import Analyser
from sentiment.backend import find_folder
from sentiment.model import Calibration, read_config
from surveys.calibration import kept_calibration
from surveys.settings import settings

log = structlog.get_logger()


def load_analyser() -> Analyser:
    """Load it; a calibration kept for another model is left out, and that is said."""
    folder, fit = settings().model_folder, kept_calibration()
    if fit is None:
        return Analyser(folder)
    version = read_config(find_folder(folder) / "config.json").model_version
    if fit.model_version != version:
        log.warning("calibration ignored: it belongs to another model", its=fit.model_version, ours=version)
        return Analyser(folder)
    return Analyser(folder, calibration=Calibration(fit.temperature, fit.bias))
