"""Sentences customers might write, with what an analysis would say of each: our own writing, for benchmarks and pictures."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Phrase:
    """A sentence, its language and feeling, and the themes with the words that speak of them."""

    text: str
    language: str
    sentiment: str
    themes: tuple[tuple[str, str], ...] = ()


def _p(language: str, sentiment: str, text: str, **themes: str) -> Phrase:
    return Phrase(text, language, sentiment, tuple(themes.items()))


_ALL: Final = (
    _p("en", "negative", "The parcel came nine days late and nobody told me. I wrote to [e-mail] twice and got no reply at all.", delivery="parcel", support_speed="no reply"),
    _p("en", "positive", "Kind staff, quick answer, and the refund was on my card the next morning.", support_attitude="staff", returns_refunds="refund"),
    _p("en", "neutral", "It works. The app could remember which shop I use.", usability="app"),
    _p("en", "negative", "Charged twice for one order. Please check the invoice before you send it.", billing="Charged"),
    _p("en", "neutral", "ok"),
    _p("lv", "negative", "Kurjers atstāja sūtījumu pie svešām durvīm, un atbalsts trīs dienas neatbildēja.", delivery="Kurjers", support_speed="neatbildēja"),
    _p("lv", "positive", "Ļoti laipni darbinieki, paldies. Nākšu vēl.", support_attitude="darbinieki"),
    _p("lv", "negative", "Cena pieauga otro reizi šogad, bet apkalpošana nav kļuvusi labāka.", price_value="Cena"),
    _p("lt", "negative", "Siunta vėlavo savaitę, o kurjeris net nepaskambino.", delivery="kurjeris"),
    _p("lt", "positive", "Viskas greita ir aišku, kaina teisinga.", price_value="kaina"),
    _p("ro", "negative", "Coletul a ajuns deteriorat, iar returul durează deja trei săptămâni.", delivery="Coletul", returns_refunds="returul"),
    _p("ro", "positive", "Comandă simplă, livrare a doua zi. Mulțumesc!", delivery="livrare"),
    _p("de", "negative", "Die Rechnung stimmt nicht, und in der Hotline wartet man vierzig Minuten.", billing="Rechnung", support_speed="wartet"),
    _p("de", "positive", "Sehr freundliche Beratung, gute Qualität und ein fairer Preis.", support_attitude="Beratung", price_value="Preis"),
    _p("fr", "negative", "L’application se ferme à chaque paiement. Impossible de commander.", technical="se ferme", payment_checkout="paiement"),
    _p("fr", "neutral", "Livraison correcte, emballage un peu abîmé.", delivery="Livraison"),
    _p("es", "negative", "Nadie contesta el teléfono y la devolución sigue pendiente.", support_speed="Nadie contesta", returns_refunds="devolución"),
    _p("es", "positive", "Muy buena atención y envío rapidísimo.", support_attitude="atención", delivery="envío"),
    _p("pt", "negative", "Cobraram uma taxa que ninguém tinha explicado.", billing="taxa"),
    _p("it", "positive", "Ottimo prodotto, arrivato prima del previsto.", product_quality="prodotto"),
    _p("nl", "neutral", "Prima, maar de bezorgtijd klopt nooit helemaal.", delivery="bezorgtijd"),
    _p("pl", "negative", "Paczka zaginęła, a infolinia odsyła mnie do kuriera.", delivery="Paczka"),
    _p("cs", "positive", "Rychlé doručení a milá obsluha.", delivery="doručení", support_attitude="obsluha"),
    _p("sv", "neutral", "Helt okej, men sidan är svår att hitta på.", usability="sidan"),
    _p("nb", "positive", "Rask levering og hyggelig kundeservice.", delivery="levering"),
    _p("da", "negative", "Varen var gået i stykker, da den kom frem.", product_quality="gået i stykker"),
    _p("fi", "positive", "Helppo tilata ja tuote on laadukas.", product_quality="laadukas"),
    _p("et", "neutral", "Üldiselt hea, aga tarne võiks olla kiirem.", delivery="tarne"),
    _p("hu", "negative", "Két hete várok a visszatérítésre.", returns_refunds="visszatérítésre"),
    _p("el", "positive", "Εξαιρετική εξυπηρέτηση, σας ευχαριστώ.", support_attitude="εξυπηρέτηση"),
    _p("bg", "negative", "Доставката закъсня с пет дни.", delivery="Доставката"),
    _p("uk", "positive", "Швидко, зручно і дешево.", price_value="дешево"),
    _p("ru", "negative", "Приложение зависает при оплате, деньги списали дважды.", technical="зависает", billing="списали дважды"),
    _p("ru", "positive", "Всё пришло вовремя, спасибо."),
    _p("tr", "negative", "Kargo gecikti, müşteri hizmetleri de yardımcı olmadı.", delivery="Kargo"),
    _p("ar", "negative", "وصل الطرد متأخراً أسبوعاً كاملاً ولم يرد أحد على اتصالي بالرقم [phone].", delivery="الطرد", support_speed="لم يرد"),
    _p("ar", "positive", "خدمة ممتازة وتوصيل سريع، شكراً لكم.", delivery="توصيل"),
    _p("he", "negative", "החבילה הגיעה שבורה ואף אחד לא ענה.", product_quality="שבורה"),
    _p("hi", "positive", "डिलीवरी समय पर हुई और सामान अच्छा है।", delivery="डिलीवरी"),
    _p("bn", "negative", "দাম অনেক বেশি, মান খারাপ।", price_value="দাম"),
    _p("th", "negative", "ส่งของช้ามาก โทรไปก็ไม่มีใครรับสาย", delivery="ส่งของ"),
    _p("vi", "positive", "Giao hàng nhanh, nhân viên nhiệt tình.", delivery="Giao hàng"),
    _p("id", "neutral", "Aplikasinya cukup baik, tetapi sering lambat.", technical="lambat"),
    _p("ja", "negative", "配送が一週間も遅れ、問い合わせにも返事がありませんでした。", delivery="配送", support_speed="返事がありません"),
    _p("ja", "positive", "対応がとても丁寧で、品質にも満足しています。", support_attitude="対応", product_quality="品質"),
    _p("ko", "positive", "배송이 빠르고 상담원이 친절해요.", delivery="배송"),
    _p("zh", "negative", "快递晚了五天，客服一直没有回复。", delivery="快递", support_speed="没有回复"),
    _p("und", "unknown", "👍👍"),
    _p("mixed", "negative", "Piegāde kavējās, very disappointed with the courier.", delivery="Piegāde"),
)  # fmt: skip


def _by_language() -> dict[str, tuple[Phrase, ...]]:
    """Languages with little of their own borrow a few odd ones, as real inboxes do."""
    odd = [phrase for phrase in _ALL if phrase.language in {"und", "mixed"}]
    codes = {phrase.language for phrase in _ALL} - {"und", "mixed"}
    return {
        code: tuple([phrase for phrase in _ALL if phrase.language == code] * 4 + odd)
        for code in sorted(codes)
    }


PHRASES: Final = _by_language()
