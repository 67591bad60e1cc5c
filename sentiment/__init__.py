"""Text in, verdict out: language, sentiment and themes of a customer's comment.

This package is a library: it knows no HTTP, no database and no settings. Importing it costs nothing;
the detectors and the model load when `sentiment.analyse.Analyser` is made.
"""

from sentiment.verdict import Comment, Language, Sentiment, ThemeHit, Verdict

__all__ = ["Comment", "Language", "Sentiment", "ThemeHit", "Verdict"]
