"""Reading a page as a person would: its language, heading, errors, what is filled in."""

from dataclasses import dataclass
from typing import Any

from lxml import html


@dataclass
class Page:
    """A parsed page."""

    tree: Any

    @property
    def language(self) -> tuple[str, str]:
        return self.tree.get("lang"), self.tree.get("dir")

    @property
    def title(self) -> str:
        return self.text("//title")

    @property
    def heading(self) -> str:
        return self.text("//h1")

    @property
    def errors(self) -> dict[str, str]:
        """Field to sentence, as the summary says them; the fields must say the same."""
        summary = {
            link.get("href").removeprefix("#f-"): " ".join(link.text_content().split())
            for link in self.tree.xpath("//*[@class='summary']//a")
        }
        beside = {
            error.get("id").removeprefix("e-"): " ".join(error.text_content().split())
            for error in self.tree.xpath("//p[@class='error']")
        }
        assert summary == beside
        return summary

    def text(self, path: str) -> str:
        (element,) = self.tree.xpath(path)
        return " ".join(element.text_content().split())

    def fields(self) -> dict[str, str]:
        """What the answer form would send as it stands, without the language list."""
        form = self.tree.get_element_by_id("answer")
        left_out = {"lang", "website", "once"}
        # The line end after <textarea> is not part of its value.
        return {
            name: value.removeprefix("\n") if name == "comment" else value
            for name, value in form.form_values()
            if name not in left_out
        }

    def once(self) -> str:
        return str(self.tree.xpath("//input[@name='once']/@value")[0])


def read(answer: Any) -> Page:
    """The page of an answer."""
    return Page(html.document_fromstring(answer.content))
