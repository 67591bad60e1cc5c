"""What an edition needs beyond what WeasyPrint writes, so that one file conforms to PDF/UA-1 and to PDF/A-2a.

WeasyPrint makes either. Here the metadata name both, every quote says its language, headers of tables say whether they
stand over a column or before a row, links say in words where they lead, and every glyph says a letter.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from typing import Any, Final

import pydyf

VARIANT: Final = "pdf/a-2a"
UA: Final = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""
# A glyph that only continues another's letters (as in Devanagari) is mapped to what joins words and is not seen.
WORDLESS: Final = re.compile(rb"> <>$")
JOINER: Final = b"> <2060>"
QUOTES: Final = re.compile(r'<blockquote lang="([A-Za-z0-9-]+)"')

FOLLOWED: Final = re.compile(r'<body[^>]* data-followed="([^"]*)"')

BEGIN: Final = b"\nstream\n"
END: Final = b"\nendstream"
LINE_ENDS: Final = (b"\r", b"\n")
LEVEL: Final = 6
WRITTEN: Final = pydyf.Stream.data


def finisher(html: str) -> Callable[[Any, Any], None]:
    """What WeasyPrint calls before it writes a file: it knows the document's objects, the HTML the languages."""
    languages, followed = QUOTES.findall(html), FOLLOWED.search(html)

    def finish(_document: Any, pdf: Any) -> None:
        elements = list(_elements(pdf))
        _say_languages(elements, languages, type(pdf.catalog["Lang"]))
        _say_scopes(elements)
        if followed:
            _say_links(pdf, unescape(followed[1]))
        _say_letters(pdf)
        _say_both(pdf)
        _pack(pdf)

    return finish


def _elements(pdf: Any) -> Iterator[Any]:
    """Every element of the structure tree, in the order of reading."""
    waiting = [pdf.objects[_number(pdf.catalog["StructTreeRoot"])]]
    while waiting:
        element = waiting.pop()
        yield element
        kids = [kid for kid in element.get("K", ()) if isinstance(kid, bytes)]
        found = [pdf.objects[_number(kid)] for kid in kids]
        waiting += [each for each in reversed(found) if isinstance(each, dict)]


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _say_languages(elements: Sequence[Any], languages: Sequence[str], string: Any) -> None:
    """Quotes are never split, so that elements and quotes are as many; were they not, saying nothing is safer."""
    quotes = [element for element in elements if element.get("S") == "/BlockQuote"]
    if len(quotes) == len(languages):
        for element, language in zip(quotes, languages, strict=True):
            element["Lang"] = string(language)


def _say_scopes(elements: Sequence[Any]) -> None:
    """A header of the first row stands over its column, any other before its row."""
    for element in elements:
        if element.get("S") == "/TH" and "ID" in element:
            _table, row, _column = element["ID"].string.split("-")
            element["A"]["Scope"] = "/Column" if row == "0" else "/Row"


def _say_links(pdf: Any, what: str) -> None:
    """A link says where it leads in words, not by its address."""
    for each in pdf.objects:
        if isinstance(each, dict) and each.get("Subtype") == "/Link":
            each["Contents"] = type(each["Contents"])(what)


def _say_letters(pdf: Any) -> None:
    """No glyph is mapped to nothing, which either standard takes for a mistake."""
    for each in pdf.objects:
        lines = getattr(each, "stream", None)
        if isinstance(lines, list) and b"begincmap" in lines:
            each.stream = [WORDLESS.sub(JOINER, line) if isinstance(line, bytes) else line for line in lines]


def _say_both(pdf: Any) -> None:
    """Name PDF/UA beside PDF/A in the metadata, which archives read uncompressed."""
    metadata = pdf.objects[_number(pdf.catalog["Metadata"])]
    metadata.stream = [part.replace(b"</rdf:RDF>", UA) for part in metadata.stream]
    metadata.compress = False


def written(stream: Any) -> bytes:
    """What stands in the file; what the writer makes and packs itself, after all others, stays unpacked too where it would end as a line."""
    found: bytes = WRITTEN.fget(stream)
    if stream.compress and found.removesuffix(END).endswith(LINE_ENDS):
        stream.compress = False
        found = WRITTEN.fget(stream)
    return found


def _pack(pdf: Any) -> None:
    """Streams are packed here, once and well enough: the writer would take twice as long for a fiftieth less.

    One whose packed bytes end as a line does leaves a checker to guess where it ends: one in 128 stays unpacked.
    """
    pydyf.Stream.data = property(written)
    for each in pdf.objects:
        if getattr(each, "compress", False):
            each.compress = False
            plain = each.data.partition(BEGIN)[2].removesuffix(END)
            packed = zlib.compress(plain, LEVEL)
            if not packed.endswith(LINE_ENDS):
                each.stream, each.extra["Filter"] = [packed], "/FlateDecode"
