"""What the codes of the product are called, in the current language: inbox and digest say the same word.

Every name is written so that it can stand alone, as a label or before a colon: no sentence bends it.
"""

from collections.abc import Mapping
from typing import Final

from surveys import collation
from surveys.i18n import capitalised, current, gettext, language_name, marked
from surveys.places import country_name as place_name
from surveys.places import is_country, is_region
from surveys.places import region_name as group_name
from surveys.quoting import one_line
from surveys.taxonomy import taxonomy

THEMES: Final[Mapping[str, str]] = {
    "delivery": marked("Delivery"),
    "product_quality": marked("Product quality"),
    "availability": marked("Availability and range"),
    "price_value": marked("Price and value"),
    "billing": marked("Bills and fees"),
    "payment_checkout": marked("Payment and checkout"),
    "returns_refunds": marked("Returns and refunds"),
    "support_speed": marked("Waiting for support"),
    "support_attitude": marked("Staff and support attitude"),
    "usability": marked("Ease of use"),
    "technical": marked("Technical faults"),
    "account_security": marked("Account and security"),
    "communication": marked("Information and promises"),
    "language_localisation": marked("Language and translation"),
    "onboarding_effort": marked("Getting started"),
    "contract_cancel": marked("Contract and cancelling"),
    "privacy_marketing": marked("Privacy and advertising"),
    "loyalty_promo": marked("Discounts and rewards"),
    "other": marked("Something else"),
}

SENTIMENTS: Final[Mapping[str, str]] = {
    "negative": marked("Negative"),
    "neutral": marked("Neutral"),
    "positive": marked("Positive"),
    "mixed": marked("Mixed"),
    "unknown": marked("Unknown"),
}

BANDS: Final[Mapping[str, str]] = {
    "promoter": marked("Promoter"),
    "passive": marked("Passive"),
    "detractor": marked("Detractor"),
}

CULTURE_CLUSTERS: Final[Mapping[str, str]] = {
    "anglo": marked("Anglo"),
    "confucian-asia": marked("Confucian Asia"),
    "eastern-europe": marked("Eastern Europe"),
    "germanic-europe": marked("Germanic Europe"),
    "latin-america": marked("Latin America"),
    "latin-europe": marked("Latin Europe"),
    "middle-east": marked("Middle East"),
    "nordic-europe": marked("Nordic Europe"),
    "southern-asia": marked("Southern Asia"),
    "sub-saharan-africa": marked("Sub-Saharan Africa"),
    "unassigned": marked("Unassigned"),
    "unknown": marked("Unknown"),
}

EXIT_REASON_NAMES: Final[Mapping[str, str]] = {
    "price_too_high": marked("Price too high"),
    "poor_value": marked("Poor value for the money"),
    "competitor_better": marked("A competitor is better"),
    "missing_feature_or_item": marked("A feature or an item is missing"),
    "product_quality": marked("Product quality"),
    "technical_problems": marked("Technical problems"),
    "customer_service": marked("Customer service"),
    "delivery_problems": marked("Delivery problems"),
    "hard_to_use": marked("Hard to use"),
    "language_or_local_support": marked("Language or local support"),
    "no_longer_needed": marked("No longer needed"),
    "temporary_pause": marked("A pause for now"),
    "moved_or_not_served": marked("Moved, or the place is not served"),
    "contract_or_terms": marked("Contract or terms"),
    "payment_failed": marked("Payment failed"),
    "privacy_or_trust": marked("Privacy or trust"),
    "ethics": marked("Ethics"),
    "other": marked("Something else"),
    "prefer_not": marked("Preferred not to say"),
}

METRICS: Final[Mapping[str, str]] = {
    "nps": marked("Recommendation (NPS)"),
    "csat": marked("Satisfaction (CSAT)"),
    "ces": marked("Ease (CES)"),
    "exit": marked("Reasons for leaving"),
}

# Sources as people write them; a site's own words for others stay as they are.
BRANDS: Final[Mapping[str, str]] = {
    "app_store": "App Store",
    "bluesky": "Bluesky",
    "booking": "Booking.com",
    "discord": "Discord",
    "facebook": "Facebook",
    "g2": "G2",
    "glassdoor": "Glassdoor",
    "google": "Google",
    "google_play": "Google Play",
    "instagram": "Instagram",
    "line": "LINE",
    "linkedin": "LinkedIn",
    "mastodon": "Mastodon",
    "pinterest": "Pinterest",
    "reddit": "Reddit",
    "telegram": "Telegram",
    "threads": "Threads",
    "tiktok": "TikTok",
    "tripadvisor": "Tripadvisor",
    "trustpilot": "Trustpilot",
    "twitter": "Twitter",
    "weibo": "Weibo",
    "whatsapp": "WhatsApp",
    "x": "X",
    "yelp": "Yelp",
    "youtube": "YouTube",
}
SOURCES: Final[Mapping[str, str]] = {
    "blog": marked("Blogs"),
    "blogs": marked("Blogs"),
    "forum": marked("Forums"),
    "forums": marked("Forums"),
    "news": marked("News"),
    "reviews": marked("Reviews"),
}

# Languages that the analyser could not tell, or that came several at once.
LANGUAGES: Final[Mapping[str, str]] = {
    "und": marked("Language not recognised"),
    "mixed": marked("Several languages"),
    "unknown": marked("Unknown language"),
}


def alphabetical(name: str) -> tuple[str, str]:
    """Where a name stands in a list, by the reader's alphabet."""
    return collation.alphabetical(name, current().code)


def _name(names: Mapping[str, str], code: str) -> str:
    sentence = names.get(code)
    return code if sentence is None else gettext(sentence)


def theme_name(code: str) -> str:
    """A theme, as the site calls it; the one place that says a theme's name."""
    return taxonomy().name(code, current().code) or _name(THEMES, code)


def built_in_name(code: str) -> str | None:
    """What a built-in theme is called where the site gave it no name; None for one of the site's own."""
    return _name(THEMES, code) if code in THEMES else None


def theme_codes() -> tuple[str, ...]:
    """The themes to choose from: neither merged into another nor hidden, the site's own among them."""
    return taxonomy().offered(THEMES)


def sentiment_name(code: str) -> str:
    """A sentiment."""
    return _name(SENTIMENTS, code)


def band_name(code: str) -> str:
    """Promoter, passive or detractor."""
    return _name(BANDS, code)


def culture_name(slug: str) -> str:
    """A culture cluster by its slug."""
    return _name(CULTURE_CLUSTERS, slug)


def exit_reason_name(code: str) -> str:
    """A reason for leaving."""
    return _name(EXIT_REASON_NAMES, code)


def metric_name(code: str) -> str:
    """What a survey measures."""
    return _name(METRICS, code)


def channel_name(code: str) -> str:
    """A channel or source; one that we know no name of is the organisation's own word and stays as it is."""
    slug = code.casefold().replace("-", "_").replace(" ", "_")
    if slug in SOURCES:
        return gettext(SOURCES[slug])
    return BRANDS.get(slug) or one_line(code) or code


def code_name(code: str) -> str:
    """A touchpoint or a segment as people read it; the organisation's own word, which nobody translates.

    Of a code that is all small the first letter becomes large; what has large letters was written as it is meant.
    """
    words = one_line(code.replace("_", " ")) or code
    return capitalised(words) if words == words.lower() else words


def spoken_language_name(code: str) -> str:
    """The language of words, with names for those that could not be told."""
    return _name(LANGUAGES, code) if code in LANGUAGES else _wide(language_name(code))


def _wide(name: str) -> str:
    """A name of CLDR's; among letters of full width brackets have full width, too."""
    if not current().code.startswith(("ja", "zh")):
        return name
    return name.replace(" (", "(").replace("(", "（").replace(")", "）")


def region_name(code: str) -> str:
    """An M49 group by its code, or `unknown`."""
    return _wide(group_name(code, current().code)) if is_region(code) else gettext("Unknown region")


def country_name(code: str) -> str:
    """A country by its code, or `unknown`."""
    return _wide(place_name(code, current().code)) if is_country(code) else gettext("Unknown country")
