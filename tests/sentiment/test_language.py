"""Language: short comments, forms and countries, odd inputs, and the laws of the detector."""

import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentiment.clean import clean, for_model
from sentiment.language import LanguageDetector
from sentiment.language_codes import CORE, country_of, home_of, language_of, languages_of, phone_countries
from sentiment.language_profiles import OwnProfiles, load_given_names, load_own_profiles, parts_of
from sentiment.language_profiles.__main__ import (
    mixed_shares,
    to_cyrillic,
    to_latin,
    without_common_words,
    write,
)
from sentiment.language_segments import segments
from sentiment.language_words import NATS, telling_words
from sentiment.profiles import ngrams
from sentiment.scripts import count_scripts, main_script, script_of

ODD = st.text(max_size=60) | st.text(st.sampled_from("aāбع中カ가ไ1 .!\n\x00\ud800😀"), max_size=60)


LATE = {
    "lv": "Piegāde kavējās divas dienas, bet apkalpošana bija laba",
    "lt": "Prekė atkeliavo sugadinta, niekas neatsako",
    "ro": "Produsul a venit stricat și nu răspunde nimeni",
    "et": "Pakk hilines nädala ja keegi ei vastanud",
    "en": "The parcel was late and nobody answered",
    "de": "Das Paket kam zu spät und niemand ging ans Telefon",
    "fr": "Le colis est arrivé en retard et personne ne répond",
    "es": "El paquete llegó tarde y nadie contesta",
    "pt": "A encomenda chegou atrasada e ninguém atende",
    "it": "Il pacco è arrivato in ritardo e nessuno risponde",
    "nl": "Het pakket kwam te laat en niemand nam op",
    "pl": "Paczka przyszła za późno i nikt nie odbiera",
    "cs": "Balík přišel pozdě a nikdo nezvedá telefon",
    "sv": "Paketet kom för sent och ingen svarar",
    "fi": "Paketti tuli myöhässä eikä kukaan vastaa",
    "da": "Pakken blev ikke leveret til tiden, og ingen svarer mig",
    "nb": "Pakken kom altfor sent, og ingen svarer meg",
    "hu": "A csomag késve érkezett, és senki sem válaszol",
    "el": "Το δέμα άργησε και κανείς δεν απαντά",
    "bg": "Пратката закъсня и никой не отговаря",
    "uk": "Посилка запізнилася, і ніхто не відповідає",
    "ru": "Посылка опоздала, и никто не отвечает",
    "tr": "Paket geç geldi ve kimse cevap vermiyor",
    "ar": "وصل الطرد متأخرا ولا أحد يرد",
    "he": "החבילה איחרה ואף אחד לא עונה",
    "hi": "पार्सल देर से आया और कोई जवाब नहीं देता",
    "bn": "পার্সেল দেরিতে এসেছে, কেউ উত্তর দেয় না",
    "th": "พัสดุมาช้าและไม่มีใครตอบ",
    "vi": "Gói hàng đến muộn và không ai trả lời",
    "id": "Paketnya terlambat dan tidak ada yang menjawab",
    "ja": "荷物が遅れて、誰も返事をしません",
    "ko": "택배가 늦었고 아무도 대답하지 않아요",
    "zh-Hans": "包裹来晚了，没有人接电话",
    "zh-Hant": "包裹來晚了，沒有人接電話",
    "ka": "ამანათი დაგვიანდა და არავინ პასუხობს",
    "hy": "Ծանրոցը ուշացավ, և ոչ ոք չի պատասխանում",
    "sw": "Kifurushi kilichelewa na hakuna anayejibu",
}
"""A comment in each of the 34 locales of respondents, and in three languages more."""


@pytest.mark.parametrize("locale", LATE)
def test_every_locale(detector: LanguageDetector, locale: str) -> None:
    code = locale.partition("-")[0]
    text = LATE[locale]
    typed = [
        text,
        text.upper(),
        text.lower(),
        f"😡😡 {text.upper()}!!! 👎",
        unicodedata.normalize("NFD", text),
        f"{text} https://polyvox.example/labi 26371234567",
    ]
    assert [detector.detect(found).code for found in typed] == [code] * 6
    assert {detector.detect(text, form).code for form in (locale, "en", "lv-LV", "ja")} == {code}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("paldies par atro piegadi viss bija labi", "lv"),
        ("LOTI ILGI JAGAIDA", "lv"),
        ("siunta velavo dvi savaites niekas neatsake", "lt"),
        ("nerekomenduoju nieko nezino", "lt"),
        ("coletul a ajuns tarziu si deteriorat", "ro"),
        ("nu recomand nimanui, servicii proaste", "ro"),
        ("paczka przyszla uszkodzona i nikt nie odpisuje", "pl"),
        ("DZIEKUJE ZA SZYBKA DOSTAWE", "pl"),
    ],
)
def test_without_diacritics(detector: LanguageDetector, text: str, code: str) -> None:
    assert {detector.detect(text, form).code for form in (None, code, "en")} == {code}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("loti labi", "lv"),
        ("par dargu", "lv"),
        ("lena piegade", "lv"),
        ("loti parak dargi", "lv"),
        ("Programele nuolat stringa", "lt"),
        ("letas pristatymas", "lt"),
        ("nu recomand", "ro"),
        ("foarte scump", "ro"),
        ("za drogo", "pl"),
        ("zle dziala", "pl"),
    ],
)
def test_two_words_without_diacritics(detector: LanguageDetector, text: str, code: str) -> None:
    assert {detector.detect(text, form).code for form in (None, code)} == {code}


def test_words_at_home_in_one_language_alone_tell_it() -> None:
    assert telling_words("Parāk dārgi") == {"lv": 2 * NATS}
    assert telling_words("service") == telling_words("") == {}


def test_a_plain_text_is_not_taken_for_another_language(detector: LanguageDetector) -> None:
    assert detector.detect("parak dargi").code in {"und", "lv"}
    assert detector.detect("per brangu").best == "lt"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Paket je kasnio i niko se ne javlja, nigde nema nikoga", "sr"),
        ("Пакет је каснио и нико се не јавља", "sr"),
        ("Paket je kasnio i nitko se ne javlja, nigdje nema nikoga", "hr"),
        ("Paket je prišel prepozno in nihče se ne oglasi", "sl"),
        ("Balík prišiel neskoro a nikto nedvíha telefón", "sk"),
        ("بسته دیر رسید و هیچ کس جواب نمی دهد", "fa"),
        ("Pakkinn kom of seint og enginn svarar", "is"),
        ("Пратката доцни и никој не одговара", "mk"),
    ],
)
def test_close_kin_are_told_apart(detector: LanguageDetector, text: str, code: str) -> None:
    assert detector.detect(text).code == code


def test_hindi_in_latin_letters(detector: LanguageDetector) -> None:
    text = "delivery bahut late hui, koi jawab nahi deta"
    assert detector.detect(text, "hi").code == "hi"
    assert detector.detect(text, "en").best == "hi"


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
        ("届いたPCのHDDが壊れていました。電話しても繋がりません", "ja"),
        ("TV가 고장났어요", "ko"),
        ("הCD לא עובד", "he"),
        ("TV ไม่ทำงาน", "th"),
        ("شاشة LG لا تعمل", "ar"),
        ("TV坏了，客服不回复", "zh"),
        ("मेरा LCD TV खराब है", "hi"),
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
        "Dr. J. Smith", "O'Brien", "Ludwig van Beethoven", "Jānis", "anna, jānis", "XKCD", "44XZ", "SKU 44XZ",
        "ORD-2026-0001", "X7F9Q2", "LV80BANK0000435195001", "f3a9c2b7d1e84", "order_id=12345", "IMG_1234.jpg",
        "report.pdf", "C:\\Users\\janis\\doc.txt", "/usr/local/bin", "mailto:x@y.z", "bit.ly/3xYz", "ftp://x.org/a",
        "abcdefgh", "haha", "xaxa", "10/10", "5*",
        "sdfsdf sdfg", "for (int i=0; i<n; i++) { return x; }", '{"id": 1, "name": "x"}', "1️⃣ 2️⃣", "RT @x",
    ],
)  # fmt: skip
def test_what_names_no_language_is_undetermined(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text).code == "und"
    on_form = detector.detect(text, "lv-LV", "LV")
    assert (on_form.code, on_form.best) == ("und", "lv")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM users WHERE id=1;", "select name from users where id = 1", "DELETE FROM orders WHERE id=5;",
        "def f(x): return x+1", "let x = 5;", "console.log(x)", "print('hello')", "if (x == 1) return y;",
        "for i in range(n):", "from os import path", "JSON", "HTML", "iPhone 15 Pro Max", "MacBook Air", "PlayStation 5",
        "Kazlauskas", "Bērziņš", "Kowalski", "Popescu", "Johansson", "Шевченко",
    ],
)  # fmt: skip
def test_code_products_and_surnames_name_no_language(detector: LanguageDetector, text: str) -> None:
    assert {detector.detect(text, form).code for form in (None, "en", "lt", "pl", "uk", "cs")} == {"und"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Select the best from your menu", "en"),
        ("If (and only if) it comes >= 2 days late I complain", "en"),
        ("Return item(s): was slow", "en"),
        ("My iPhone 15 arrived broken", "en"),
        ("SLIKTI", "lv"),
        ("Poisson", "fr"),
    ],
)
def test_what_looks_like_code_or_a_name_is_read(detector: LanguageDetector, text: str, code: str) -> None:
    assert detector.detect(text, code).code == code


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


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("The staff was very friendly but apkalpošana bija pārāk lēna un dārga", ("en", "lv")),
        ("Produsul este foarte bun but the shipping took three weeks", ("en", "ro")),
        ("Sehr guter Laden, çok memnun kaldım teşekkürler", ("tr", "de")),
        ("Kurjers neatveda paciņu Курьер не приехал вообще никогда", ("ru", "lv")),
        ("Great place to stay อาหารอร่อยมากครับ", ("th", "en")),
        ("The food was delicious and cheap 服务员非常热情周到", ("en", "zh")),
        ("خدمة ممتازة وسريعة جدا thank you very much for everything", ("en", "ar")),
        ("सेवा बहुत अच्छी थी but the price was too high", ("en", "hi")),
    ],
)
def test_two_languages_need_no_full_stop_between_them(
    detector: LanguageDetector, text: str, languages: tuple[str, ...]
) -> None:
    found = detector.detect(text, "lv")
    assert (found.code, set(found.languages)) == ("mixed", set(languages))


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Great service! Bet piegāde bija ļoti lēna un neviens neatbildēja", ("lv", "en")),
        ("Pristatymas vėlavo, very bad experience, daugiau nepirksiu niekada", ("lt", "en")),
        ("Kurjers bija laipns, thank you very much, nākšu vēl", ("lv", "en")),
        ("La livraison était top, very good job, merci beaucoup à vous", ("fr", "en")),
    ],
)
def test_a_short_part_in_another_language_is_named(
    detector: LanguageDetector, text: str, languages: tuple[str, ...]
) -> None:
    found = detector.detect(text)
    assert (found.code, found.languages) == ("mixed", languages)


@pytest.mark.parametrize(
    "text",
    [
        "Ik vond de customer service erg goed",
        "Der Customer Support war leider sehr schlecht und langsam",
        "Купил Samsung Galaxy Note Ultra и очень доволен покупкой",
        "Pirku Samsung Galaxy Note Ultra un esmu ļoti apmierināta ar pirkumu",
        "このSamsung Galaxyはとても使いやすいです",
        "Vrlo sam zadovoljan uslugom. Sve je bilo u redu i stiglo na vrijeme.",
    ],
)
def test_a_brand_or_a_close_kin_is_no_second_language(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text).code != "mixed"


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


@pytest.mark.parametrize(
    "unit",
    [
        "x", "a b ", "labi. ", "\u0301", "\u0323\u0301", "a@", "http://a ", "中", "\n", " ", "a1", "a.b/", "@a ", "ﷺ",
        "аb中ع", "hello мир ", "labi 很好 ", "😀", "\u00ad", "Dr. ", "C:\\", "1é",
        "<b>", "<a b=", "&amp;", "&", "<",
    ],
)  # fmt: skip
def test_a_megabyte_is_no_longer_than_a_page(detector: LanguageDetector, unit: str) -> None:
    began = time.process_time()
    detector.detect(unit * (1_000_000 // len(unit)))
    assert time.process_time() - began < 1


@given(ODD)
@settings(max_examples=150, deadline=None)
def test_cleaning_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_clean_takes_out_what_is_not_language() -> None:
    text = "RT @user: Labi!  https://x.lv/a?b www.y.com z.lv me@x.lv [PHONE] \x00 http \ud800 viss"
    assert clean(text) == "Labi! viss"
    assert len(clean("ab " * 10_000)) <= 4_000
    assert for_model("@janis skat [PHONE] \x00 https://x.lv/a") == "@user skat http"


def test_clean_writes_plain_letters() -> None:
    assert clean("Ｇｒｅａｔ 𝐬𝐞𝐫𝐯𝐢𝐜𝐞 la\u00adbi pa\u200bldies a\u0304") == "Great service labi paldies ā"
    assert clean("1.Labi 2.Slikti labi1 B2B 24h 3x 9/10 4K100") == "1.Labi 2.Slikti labi1"
    assert clean("good.no problem, see polyvox.lv/x or a.pdf and x.fr") == "good.no problem, see or and"


def test_parts_of_words() -> None:
    assert parts_of("Ar 5 !") == ["a", "r", " a", "ar", "r ", " ar", "ar ", " ar "]
    assert parts_of("abc")[-2:] == ["abc ", "#abc"]
    assert len(parts_of("x" * 1_000_000)) < 10_000


def test_own_profiles() -> None:
    profiles = load_own_profiles()
    assert len(profiles.languages) == 39
    assert profiles.score("中文 123") is None
    scores = profiles.score("nigde nikoga")
    assert scores is not None
    assert profiles.languages[int(scores.argmax())] == "sr"
    assert "anna" in load_given_names()
    assert not {"will", "bella", "prima", "paldies"} & load_given_names()


def test_a_table_of_profiles_is_written_the_same_each_time(tmp_path: Path) -> None:
    shares = {
        "aa": mixed_shares(["labi labi"], {"labi": 0.5}),
        "bb-Cyrl": mixed_shares(["добро"], None),
        "bb-Latn": mixed_shares([], {"dobro": 1.0}),
    }
    assert sum(shares["aa"].values()) == pytest.approx(1.0)
    for name in ("one.npz", "two.npz"):
        write(shares, tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    profiles = OwnProfiles(tmp_path / "one.npz")
    assert profiles.languages == ("aa", "bb")
    for text, best in (("labi", 0), ("добро", 1), ("dobro", 1)):
        scores = profiles.score(text)
        assert scores is not None
        assert scores.argmax() == best


def test_serbian_in_either_script() -> None:
    assert to_cyrillic("Ljubav, džep i čovek") == "љубав, џеп и човек"
    assert to_latin("Љубав, џеп и човек") == "ljubav, džep i čovek"


def test_a_name_that_is_a_common_word_is_no_name() -> None:
    assert without_common_words(["Anna", "Will", "Al"], ["Anna anna will will Will"]) == {"anna"}


def test_segments() -> None:
    profiles = load_own_profiles()
    assert segments("Labi! Ļoti\nlabi", profiles) == ["Labi", "Ļoti", "labi"]
    assert segments("Labi очень 5 хорошо 日本 です", profiles) == ["Labi", "очень 5 хорошо", "日本 です"]
    assert segments("The staff was very friendly but apkalpošana bija pārāk lēna", profiles) == [
        "The staff was very friendly but",
        "apkalpošana bija pārāk lēna",
    ]
    assert segments("", profiles) == []


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
    assert phone_countries("de-AT", "ch") == ("CH", "AT", "DE")
    assert phone_countries(None, None) == phone_countries("??", "") == ()
    assert len(CORE) == 39


ROMANISED = (
    "zakaz prishel vovremya, vse otlichno",
    "dengi do sih por ne vernuli, uzhasnyj servis",
    "vse chudovo, rekomenduiu",
    "hroshi dosi ne povernuly",
    "dyakuyu za shvydku dostavku",
    "dostavka zatrymalas na tyzhden",
    "posylka opozdala na nedelyu, kuryer dazhe ne pozvonil",
    "OCHEN DOROGO I DOLGO ZHDAT",
)


@pytest.mark.parametrize("text", ROMANISED)
@pytest.mark.parametrize("locale", [None, "ru", "uk", "lv"])
def test_romanised_russian_and_ukrainian_are_no_other_slavic_language(
    detector: LanguageDetector, text: str, locale: str | None
) -> None:
    assert detector.detect(text, locale).code == "und"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("naročilo je prišlo pravočasno, vse odlično", "sl"),
        ("Narocilo je prislo pravocasno, vse je bilo odlicno", "sl"),
        ("Dostava je predolgo trajala, denarja niso vrnili", "sl"),
        ("Zásilka dorazila včas, vše v pořádku", "cs"),
        ("Peníze mi dosud nevrátili, hrozný servis", "cs"),
        ("Narudžba je stigla na vrijeme, sve je bilo odlično", "hr"),
        ("Zamówienie przyszło na czas, wszystko świetnie", "pl"),
        ("Pieniedzy do tej pory nie zwrocili, okropna obsluga", "pl"),
        ("Objednávka prišla načas, všetko výborné", "sk"),
        ("Budet ringde inte och paketet kom aldrig fram", "sv"),
        ("Spasibo for the great and friendly service", "en"),
    ],
)
def test_languages_like_romanised_ones_stay(detector: LanguageDetector, text: str, code: str) -> None:
    assert detector.detect(text, code).code == code


@pytest.mark.parametrize(
    "text",
    [
        "recharge kiya tha subah, abhi tak balance nahi aaya",
        "BAHUT ACCHA KHANA THA AUR PAISE BHI KAM LAGE",
        "bhai teen baar bola phir bhi koi nahi aaya",
    ],
)
@pytest.mark.parametrize("locale", [None, "en-IN", "hi"])
def test_hindi_in_latin_letters_is_hindi(detector: LanguageDetector, text: str, locale: str | None) -> None:
    assert detector.detect(text, locale).code == "hi"


@pytest.mark.parametrize(
    "text",
    [
        "Hai nahi, saya belum terima barangnya",
        "The staff at the chai counter said accha and nothing else",
        "Bhai sahab was kind, delivery was on time",
    ],
)
def test_a_word_of_hindi_makes_no_hindi_of_another_language(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text).code not in {"hi", "mixed"}
