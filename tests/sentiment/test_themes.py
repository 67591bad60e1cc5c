"""Themes: every language has all 18, the traps of short stems, and where the evidence stands."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentiment.fold import fold
from sentiment.themes import CONFIDENCE, THEMES, find_themes, languages

LOCALES = [
    "lv",
    "lt",
    "ro",
    "et",
    "en",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "pl",
    "cs",
    "sv",
    "fi",
    "da",
    "nb",
    "hu",
    "el",
    "bg",
    "uk",
    "ru",
    "tr",
    "ar",
    "he",
    "hi",
    "bn",
    "th",
    "vi",
    "id",
    "ja",
    "ko",
    "zh",
]


def found(text: str, language: str) -> list[tuple[str, str]]:
    return [(hit.code, text[hit.start : hit.end]) for hit in find_themes(text, language)]


def test_every_locale_has_every_theme() -> None:
    assert languages() == set(LOCALES)
    assert len(THEMES) == 18
    for language in LOCALES:
        assert find_themes("", language) == []
    assert find_themes("delivery", "xx") == []


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        ("en", "The courier lost my parcel and nobody answered", ["delivery", "support_speed"]),
        ("en", "I want a refund, the zip is broken", ["product_quality", "returns_refunds"]),
        ("en", "Out of stock again, and so expensive", ["availability", "price_value"]),
        ("lv", "Kurjers neatveda sūtījumu", ["delivery"]),
        ("lv", "neatmaksāja naudu", ["returns_refunds"]),
        ("lv", "neatmaksaja naudu", ["returns_refunds"]),
        ("lv", "Lietotne uzkaras", ["technical"]),
        ("lv", "Lietotne ir neērta", ["usability"]),
        ("lv", "Jūsu mājaslapa", ["usability"]),
        ("lt", "Negrąžino pinigų", ["returns_refunds"]),
        ("lt", "darbuotoja buvo nemandagi", ["support_attitude"]),
        (
            "ro",
            "Coletul a venit stricat, vreau banii înapoi",
            ["delivery", "product_quality", "returns_refunds"],
        ),
        ("ro", "site-ul nu este în română", ["language_localisation"]),
        ("ro", "preţ prea mare, curierul a întîrziat", ["delivery", "price_value"]),
        ("et", "Pakiautomaat oli katki", ["delivery", "product_quality"]),
        ("de", "Die Paketlieferung kam zu spät", ["delivery"]),
        ("fr", "Le délai d'attente est trop long", ["support_speed"]),
        (
            "es",
            "El envío llegó tarde y el trato fue grosero",
            ["delivery", "support_attitude", "support_speed"],
        ),
        ("pl", "Niedostępny towar", ["availability"]),
        ("cs", "Drahé a nekvalitní", ["price_value", "product_quality"]),
        ("uk", "Кур’єр запізнився", ["delivery"]),
        ("ru", "Деньги не вернули, не отвечают", ["returns_refunds", "support_speed"]),
        ("tr", "KARGO ÇOK GEÇ GELDİ", ["delivery"]),
        ("ar", "التوصيل متأخر والموظف وقح", ["delivery", "support_attitude"]),
        ("he", "המשלוח איחר והנציג היה גס", ["delivery", "support_attitude"]),
        ("hi", "डिलीवरी देर से हुई, रिफ़ंड नहीं मिला", ["delivery", "returns_refunds"]),
        ("bn", "ডেলিভারি দেরিতে হয়েছে", ["delivery"]),
        ("th", "พนักงานหยาบคาย แอปค้าง", ["support_attitude", "technical"]),
        ("vi", "giao hàng chậm, nhân viên thô lỗ", ["delivery", "support_attitude"]),
        ("id", "Pengiriman lambat dan barang rusak", ["delivery", "product_quality"]),
        ("ja", "配送が遅い。返金してください", ["delivery", "returns_refunds"]),
        ("zh", "快递太慢，客服态度很差", ["delivery", "support_attitude"]),
        ("zh", "網站翻譯很差", ["language_localisation"]),
        ("ko", "배송이 느리고 직원이 불친절해요", ["delivery", "support_attitude"]),
        ("hu", "A futár nem hozta ki a csomagot", ["delivery"]),
        ("el", "Η παράδοση άργησε", ["delivery"]),
        ("bg", "Куриерът закъсня", ["delivery"]),
        ("fi", "Toimitus myöhässä", ["delivery"]),
        ("sv", "Leveransen var sen och dyr", ["delivery", "price_value"]),
        ("da", "Pakken blev aldrig leveret", ["delivery"]),
        ("nb", "Appen er treg", ["technical"]),
        ("it", "Il pacco è arrivato rotto", ["delivery", "product_quality"]),
        ("nl", "Pakket kapot bezorgd", ["delivery", "product_quality"]),
        ("pt", "A entrega atrasou e o reembolso não veio", ["delivery", "returns_refunds"]),
    ],
)
def test_comments_of_every_language(language: str, text: str, codes: list[str]) -> None:
    assert sorted(code for code, _ in found(text, language)) == sorted(codes)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "billion cardboard waiter feel debugging apparel orange charger feedback"),
        ("lv", "centrs kontakts kontrole"),
        ("lt", "eilinis eilėraštis"),
        ("ro", "costum platformă platou carduri"),
        ("en", "call [PHONE] or [CARD] or [EMAIL]"),
        ("vi", "cho tôi thế là đủ rồi"),
    ],
)
def test_traps(language: str, text: str) -> None:
    assert found(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        ("lt", "Neturiu laiko, bet problemų neturime", []),
        ("lt", "Kodėl neturite mano dydžio", ["availability"]),
        ("lt", "Jūs neturėjote prekės", ["availability"]),
        ("tr", "Hayal kırıklığı yaşadım", []),
        ("tr", "Bardak kırık geldi, ekranı kırıktı", ["product_quality"]),
        ("ar", "لا تعليق", []),
        ("ar", "التطبيق يعلق", ["technical"]),
        ("ru", "Затрудняюсь ответить, вы ответственные", []),
        ("ru", "Ответа нет", ["support_speed"]),
        ("fr", "Le livret est joli, deux livrets", []),
        ("fr", "Livraison parfaite", ["delivery"]),
        ("cs", "Hodinky jsou krásné", []),
        ("nl", "Mijn wachtwoord", ["account_security"]),
        ("nl", "Lang gewacht, lange wachttijd", ["support_speed"]),
        ("tr", "Dondurma harika", []),
        ("tr", "Ekran dondu", ["technical"]),
        ("pt", "Dois anos atrás", []),
        ("pt", "Chegou atrasado", ["delivery"]),
        ("de", "Die Wartung ist erledigt", []),
        ("de", "Ich habe lange gewartet, ewige Wartezeit", ["support_speed"]),
        ("ro", "Foarte punctuali", []),
        ("lv", "Ļoti punktuāli", []),
        ("lv", "Kur ir mani punkti", ["loyalty_promo"]),
        ("pl", "Punktualnie", []),
        ("pl", "Gdzie są moje punkty", ["loyalty_promo"]),
        ("et", "Väga punktuaalne", []),
    ],
)
def test_words_that_only_begin_like_a_keyword(language: str, text: str, codes: list[str]) -> None:
    assert [code for code, _ in found(text, language)] == codes


def test_contract_is_no_account() -> None:
    assert found("contractul meu", "ro") == [("contract_cancel", "contractul")]


def test_place_words_yield_to_the_trouble_in_their_sentence() -> None:
    assert found("The app crashes", "en") == [("technical", "crashes")]
    assert found("The app is great", "en") == [("usability", "app")]
    assert found("The app is great. It crashes.", "en") == [("usability", "app"), ("technical", "crashes")]
    assert found("The app is confusing and crashes", "en") == [
        ("usability", "confusing"),
        ("technical", "crashes"),
    ]


def test_what_only_looks_like_a_stem_is_no_theme() -> None:
    lines = Path(__file__).with_name("excepted.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    told = [(text, find_themes(text, language)) for language, text, _, _ in rows]
    assert not [(text, hits) for text, hits in told if hits]
    kept = [(text, code, find_themes(text, language)) for language, _, code, text in rows]
    assert not [row for row in kept if row[1] not in {hit.code for hit in row[2]}]
    assert {language for language, *_ in rows} == languages()


def test_slowness_belongs_to_what_is_slow() -> None:
    lines = Path(__file__).with_name("slow.tsv").read_text("utf-8").splitlines()
    assert {line.split("\t")[0] for line in lines} == languages()
    for language, *texts in (line.split("\t") for line in lines):
        for text, code in zip(texts, ("delivery", "support_speed", "technical"), strict=True):
            assert {hit for hit, _ in found(text, language)} == {code}, text


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Slow", ["technical"]),
        ("The delivery was fine. Everything loads slowly.", ["delivery", "technical"]),
        ("The site is slow but the delivery came early", ["technical", "delivery"]),
        ("I ordered in the app and the delivery was slow", ["usability", "delivery"]),
        ("Slow service and rude staff", ["support_speed", "support_attitude"]),
        ("Great service", []),
        ("Slow service, errors on each page", ["support_speed", "technical"]),
    ],
)
def test_the_nearest_in_the_sentence_is_slow(text: str, codes: list[str]) -> None:
    assert [code for code, _ in found(text, "en")] == codes


def test_evidence_is_the_word_as_written() -> None:
    text = "😀 Ļoti DĀRGI un PIEGĀDE kavējās"
    assert found(text, "lv") == [("price_value", "DĀRGI"), ("delivery", "PIEGĀDE")]
    decomposed = "piega\u0304de"
    assert found(decomposed, "lv") == [("delivery", decomposed)]
    assert found("ｄｅｌｉｖｅｒｙ", "en") == [("delivery", "ｄｅｌｉｖｅｒｙ")]
    assert found("de\u200bli\u00advery", "en") == [("delivery", "de\u200bli\u00advery")]


def test_confidence_tells_how_it_matched() -> None:
    hits = {hit.code: hit.confidence for hit in find_themes("card, out of stock, shipping, app", "en")}
    assert hits == {
        "payment_checkout": CONFIDENCE["word"],
        "availability": CONFIDENCE["phrase"],
        "delivery": CONFIDENCE["stem"],
        "usability": CONFIDENCE["place"],
    }
    assert find_themes("Kundenservice. Telefonrechnung", "de")[-1].confidence == CONFIDENCE["inside"]


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["app", "ﬁ", "ß", "İ", "delivery", "piegāde", "快递", "́", "é", "."])).map(
        " ".join
    ),
    st.sampled_from(LOCALES),
)
@settings(max_examples=200, deadline=None)
def test_spans_are_valid_and_themes_single(text: str, language: str) -> None:
    hits = find_themes(text, language)
    assert hits == find_themes(text, language)
    assert len({hit.code for hit in hits}) == len(hits)
    for hit in hits:
        assert hit.code in THEMES
        assert hit.start is not None
        assert hit.end is not None
        assert 0 <= hit.start < hit.end <= len(text)
        assert not re.fullmatch(r"\s*", text[hit.start : hit.end])


@given(st.text(max_size=60), st.booleans())
@settings(max_examples=100, deadline=None)
def test_folding_keeps_places(text: str, keep: bool) -> None:
    folded = fold(text, keep_marks=keep)
    assert len(folded.origins) == len(folded.text)
    assert list(folded.origins) == sorted(folded.origins)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("kurjers gaidīju ā", "lv"),
        ("slow service delivery ", "en"),
        ("slow service. ", "en"),
    ],
)
def test_a_megabyte_is_read_from_its_beginning(text: str, language: str) -> None:
    began = time.process_time()
    find_themes(text * 60_000, language)
    assert time.process_time() - began < 2
