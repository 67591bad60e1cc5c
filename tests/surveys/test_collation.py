"""Names in the order of the reader's alphabet."""

import random

import pytest

from surveys.collation import alphabetical


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("lv", ["Āfrika", "Amerika", "Cipra", "Czz", "Čehija", "Dānija", "Zviedrija", "Žanete"]),
        ("lt", ["Airija", "Czz", "Čekija", "Šiaurė", "Zambija", "Žemė"]),
        ("pl", ["Azja", "Ąz", "Luz", "Łotwa", "Zz", "Źródło", "Żory"]),
        ("de", ["Ägypten", "Albanien", "Österreich", "Polen"]),
        ("es", ["Nz", "Ñandú", "Oz"]),
        (
            "uk",
            ["Грузія", "Ґанок", "Данія", "Ейлат", "Європа", "Ирій", "Індія", "Їжак", "Йорданія", "Канада"],
        ),
        ("ar", ["أفريقيا", "الأمريكتان", "أوروبا", "شمال", "غرب"]),
        # Kana by their sound, in whatever script; then kanji by reading: しょう, とう, なん, ほく.
        (
            "ja",
            [
                "Web",
                "アフリカ",
                "かあと",
                "カード",
                "がいこく",
                "西アジア",
                "東アジア",
                "南アジア",
                "北アメリカ",
            ],
        ),
        # By pinyin: běi, dōng, fēi, xī.
        ("zh-Hans", ["北欧", "东亚", "非洲", "西亚"]),
        ("en", ["Åland", "Alba", "Lodz", "łódź", "Zoo"]),
    ],
)
def test_names_stand_as_their_language_orders_them(code: str, names: list[str]) -> None:
    mixed = random.Random(3).sample(names, len(names))
    assert sorted(mixed, key=lambda name: alphabetical(name, code)) == names
