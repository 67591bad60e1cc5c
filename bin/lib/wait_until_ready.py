"""Wait until survey page, inbox, digest and sign-in page all answer 200, then print where they are.

Run by bin/serve with the base address and the file that holds the first administrator's e-mail and
password. Uses nothing but the standard library, and only the front door: as a browser that signs in would.
"""

import re
import sys
import time
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

PATIENCE = 300
PAUSE = 0.5
REFUSED = {401, 403, 422}
# Where signing in leads.
HOME = "/dashboard"
DIGEST = re.compile(r"/digests/(\d{4}-W\d{2})/([A-Za-z-]+)\.pdf")


class NotReadyError(Exception):
    """An address that has not answered as it should in the time there is."""


class Visitor:
    """One browser: it keeps cookies and follows redirections."""

    def __init__(self, base: str) -> None:
        self.base = base
        # With an https:// PUBLIC_URL cookies are for https alone, but we are behind the proxy that ends it.
        cookies = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        # The pages are on this machine, so no proxy may stand between.
        self.opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(cookies))
        self.until = time.monotonic() + PATIENCE

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Give the status, the path where the redirections ended, and the text; 0 while nothing answers."""
        body = urlencode(form).encode() if form is not None else None
        request = Request(self.base + path, body, {"Origin": self.base})
        try:
            with self.opener.open(request, timeout=30) as answer:
                where = answer.url.removeprefix(self.base)
                return answer.status, where, answer.read().decode("utf-8", "replace")
        except HTTPError as error:
            return error.code, path, ""
        except (OSError, HTTPException):
            return 0, path, ""

    def wait_for(self, path: str, *also: int) -> tuple[int, str]:
        """Ask until it answers 200 or one of `also`; give that status and the text."""
        while True:
            status, _, text = self.open(path)
            if status == 200 or status in also:
                return status, text
            if time.monotonic() > self.until:
                said = f"answers {status}" if status else "does not answer"
                raise NotReadyError(f"The address {self.base}{path} {said} after {PATIENCE // 60} minutes.")
            time.sleep(PAUSE)


def first_account(path: Path) -> tuple[str, str] | None:
    """Read the e-mail and the password that bin/serve made; None when it made none or they were dropped."""
    if not path.exists():
        return None
    email, password = path.read_text("utf-8").splitlines()
    return email, password


def sign_in(visitor: Visitor, kept: Path) -> tuple[str, str] | None:
    """Sign in with the first password; where it no longer fits, its owner changed it, so it is forgotten."""
    account = first_account(kept)
    if account is None:
        return None
    email, password = account
    status, where, _ = visitor.open("/sign-in", {"email": email, "password": password})
    if status in REFUSED:
        kept.unlink()
        return None
    if status != 200 or not where.startswith(HOME):
        raise NotReadyError(
            f"Signing in at {visitor.base}/sign-in did not lead to the dashboard (status {status})."
        )
    return account


def latest_full_week() -> str:
    """Name the ISO week that ended last, by UTC; around midnight on Monday the archive's own word counts."""
    year, week, _ = (datetime.now(UTC) - timedelta(weeks=1)).isocalendar()
    return f"{year:04}-W{week:02}"


def wait_for_digest(visitor: Visitor) -> str:
    """Give the path of the newest digest in the archive, English where there is a choice, once it is made."""
    while True:
        _, text = visitor.wait_for("/digests")
        found = {(week, locale == "en", locale) for week, locale in DIGEST.findall(text)}
        full = {edition for edition in found if edition[0] <= latest_full_week()}
        for week, _, locale in sorted(full, reverse=True):
            path = f"/digests/{week}/{locale}.pdf"
            if visitor.open(path)[0] == 200:
                return path
        if time.monotonic() > visitor.until:
            raise NotReadyError(
                f"The digest of the week {latest_full_week()} was not ready after {PATIENCE // 60} minutes."
            )
        time.sleep(PAUSE)


def ready_lines(base: str, kept: Path) -> list[str]:
    """Visit all four, then say where each is."""
    visitor = Visitor(base)
    visitor.wait_for("/sign-in")
    account = sign_in(visitor, kept)
    visitor.wait_for("/inbox")
    survey_status, _ = visitor.wait_for("/en/s/welcome", 404, 410)
    has_demo = survey_status == 200
    survey = f"{base}/en/s/welcome" if has_demo else "none yet; bin/polyvox survey add makes one"
    digest = wait_for_digest(visitor) if has_demo and account else "/digests"
    known = f"  {account[0]}  {account[1]}" if account else "  (with your own e-mail and password)"
    return [
        f"survey:  {survey}",
        f"inbox:   {base}/inbox",
        f"digest:  {base}{digest}",
        f"sign-in: {base}/sign-in{known}",
    ]


def main() -> None:
    """Print the four lines, or end with 1 and the sentence that says what did not answer."""
    base, kept = sys.argv[1:]
    try:
        print(*ready_lines(base, Path(kept)), sep="\n")
    except NotReadyError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
