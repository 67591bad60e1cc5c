"""Language: short comments, forms and countries, odd inputs, and the laws of the detector."""

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentiment.clean import clean, for_model
from sentiment.language import LanguageDetector
from sentiment.language_codes import CORE, country_of, home_of, language_of, languages_of
from sentiment.profiles import ngrams
from sentiment.scripts import count_scripts, main_script, script_of

ODD = st.text(max_size=60) | st.text(st.sampled_from("aāбع中カ가ไ1 .!\n\x00\ud800😀"), max_size=60)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ļoti laipni darbinieki, bet piegāde kavējās", "lv"),
        ("loti slikta apkalposana gaidiju stundu", "lv"),
        ("Labai greitas pristatymas, ačiū jums", "lt"),
        ("labai bloga kokybe, negrazino pinigu", "lt"),
        ("foarte multumit de livrare si pret", "ro"),
        ("Coletul a ajuns târziu și deteriorat", "ro"),
        ("Teenindus oli väga sõbralik", "et"),
        ("The parcel never arrived", "en"),
        ("VERY BAD SERVICE NEVER AGAIN", "en"),
        ("Die Lieferung kam zu spät an", "de"),
        ("Veldig hyggelig betjening, tusen takk", "nb"),
        ("Очень плохое обслуживание", "ru"),
        ("Дуже швидка доставка, дякую", "uk"),
        ("خدمة العملاء سيئة جدا", "ar"),
        ("השירות היה מצוין", "he"),
        ("सेवा बहुत अच्छी थी", "hi"),
        ("บริการดีมาก", "th"),
        ("配送が遅かったです", "ja"),
        ("送货很快，服务态度好", "zh"),
        ("배송이 너무 느려요", "ko"),
        ("Pelayanan sangat memuaskan dan cepat", "id"),
        ("გმადლობთ, ძალიან კარგი", "ka"),
        ("շատ լավ սպասարկում", "hy"),
        ("ល្អណាស់", "km"),
        ("በጣም ጥሩ ነው", "am"),
        ("Labi\x00 kalpo, ļoti \ud800patika viss", "lv"),
    ],
)
def test_comments_without_a_form(detector: LanguageDetector, text: str, code: str) -> None:
    found = detector.detect(text)
    assert (found.code, found.best, found.languages) == (code, code, ())
    assert found.confidence >= 0.7


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "\x00", "\ud800", "12345", "!!! ... ???", "😀😀👍", "https://polyvox.example/abc",
        "www.example.com", "example.lv", "user@example.com", "@someone", "[PHONE] [EMAIL]", "ok", "OK!",
        "Ok 👍", "top", "A", "Anna Kalniņa", "John Smith", "asdfghjkl", "qwertyuiop", "hahaha", "xxxxxx",
        "sdfsdf sdfg", "for (int i=0; i<n; i++) { return x; }", '{"id": 1, "name": "x"}', "1️⃣ 2️⃣", "RT @x",
    ],
)  # fmt: skip
def test_what_names_no_language_is_undetermined(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text).code == "und"
    on_form = detector.detect(text, "lv-LV", "LV")
    assert (on_form.code, on_form.best) == ("und", "lv")


def test_blank_without_a_form_knows_nothing(detector: LanguageDetector) -> None:
    assert detector.detect(" ") == detector.detect("", "xx", "nowhere")
    assert detector.detect(" ").best == "und"
    assert detector.detect(" ", country="LV").best == "lv"


def test_a_lone_capitalised_word_takes_more(detector: LanguageDetector) -> None:
    assert detector.detect("Paldies", "lv").code == "lv"
    assert detector.detect("Anna", "lv").code == "und"
    assert detector.detect("Anna", "lv").best == "lv"


def test_the_form_decides_between_kin(detector: LanguageDetector) -> None:
    text = "Vrlo sam zadovoljan uslugom"
    assert detector.detect(text, "sr").code == "sr"
    assert detector.detect(text, "hr-HR").code == "hr"
    assert detector.detect(text, country="RS").code == "sr"
    assert detector.detect("Takk for hjelpen", "no").code == "nb"


def test_the_form_does_not_bend_another_language(detector: LanguageDetector) -> None:
    assert detector.detect("The courier never came", "lv").code == "en"
    assert detector.detect("Курьер так и не приехал", "lv").code == "ru"
    assert detector.detect("Kurjers tā arī neatbrauca", "en").code == "lv"


def test_an_uncertain_text_in_another_script_is_not_the_forms(detector: LanguageDetector) -> None:
    assert detector.detect("ну", "lv").best != "lv"


def test_mixed_texts_name_both_languages(detector: LanguageDetector) -> None:
    found = detector.detect("Ļoti labs serviss man patika. The delivery was late and nobody answered.")
    assert (found.code, found.languages, found.best) == ("mixed", ("en", "lv"), "en")
    assert found.confidence >= 0.9
    by_lines = detector.detect("Kurjers neatveda paciņu\nКурьер не приехал вообще никогда", "lv")
    assert by_lines.code == "mixed"
    assert set(by_lines.languages) == {"lv", "ru"}
    one = detector.detect("Viss bija labi. Paldies par ātro piegādi! Nākšu vēl.", "lv")
    assert one.code == "lv"


def test_a_workspace_may_expect_other_languages() -> None:
    assert LanguageDetector(["ka", "eu", "xx"]).detect("Oso zerbitzu ona izan da, eskerrik asko").code == "eu"


@pytest.mark.journey
def test_a_new_process_gives_the_same_numbers(detector: LanguageDetector) -> None:
    text = "piegade bija loti atra"
    program = (
        "from sentiment.language import LanguageDetector as D; "
        f"print(repr(D().detect({text!r}, 'lv').confidence))"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == repr(detector.detect(text, "lv").confidence)


@given(ODD, st.sampled_from([None, "lv", "en", "zh-Hant", "??", ""]), st.sampled_from([None, "CH", "zz"]))
@settings(max_examples=150, deadline=None)
def test_detect_never_fails_and_repeats_itself(
    detector: LanguageDetector, text: str, locale: str | None, country: str | None
) -> None:
    found = detector.detect(text, locale, country)
    assert found == detector.detect(text, locale, country)
    assert 0.0 <= found.confidence <= 1.0
    assert found.code in {*detector.languages, "und", "mixed"}
    assert found.best in {*detector.languages, "und"}
    assert (found.code == "mixed") == bool(found.languages)


@pytest.mark.parametrize("unit", ["x", "a b ", "labi. ", "\u0301", "a@", "http://a ", "中", "\n"])
def test_a_megabyte_is_no_longer_than_a_page(detector: LanguageDetector, unit: str) -> None:
    began = time.process_time()
    detector.detect(unit * (1_000_000 // len(unit)))
    assert time.process_time() - began < 2


@given(ODD)
@settings(max_examples=150, deadline=None)
def test_cleaning_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_clean_takes_out_what_is_not_language() -> None:
    text = "RT @user: Labi!  https://x.lv/a?b www.y.com z.lv me@x.lv [PHONE] \x00 http \ud800 viss"
    assert clean(text) == "Labi! viss"
    assert len(clean("ab " * 10_000)) <= 4_000
    assert for_model("@janis skat [PHONE] \x00 https://x.lv/a") == "@user skat http"


def test_ngrams_are_those_of_langdetect() -> None:
    assert ngrams("ab c") == ["a", " a", "b", "ab", " ab", "b ", "ab ", "c", " c"]
    assert ngrams("NO go") == ["N", " N", "O ", "NO ", "g", " g", "o", "go", " go"]


def test_scripts() -> None:
    assert [script_of(c) for c in "aяغ中カ1!"] == ["Latn", "Cyrl", "Arab", "Hani", "Kana", None, None]
    assert main_script(count_scripts("配送が遅い")) == ("Kana", 1.0)
    assert main_script(count_scripts("服务很好")) == ("Hani", 1.0)
    assert main_script({}) == ("", 0.0)


def test_codes() -> None:
    assert [language_of(x) for x in ("lv", "pt-BR", "zh_Hant", "no", "iw", "arz", "xyzz", "", None, "1")] == [
        "lv", "pt", "zh", "nb", "he", "ar", None, None, None, None,
    ]  # fmt: skip
    assert [country_of(x) for x in ("pt-BR", "zh_Hant_TW", "lv", None)] == ["BR", "TW", None, None]
    assert languages_of("lv") == ("lv", "ru")
    assert languages_of("zz") == languages_of(None) == ()
    assert (home_of("lv"), home_of(None), home_of("xx")) == ("LV", None, None)
    assert len(CORE) == 39
