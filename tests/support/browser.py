"""A browser without a screen for tests of the pages: logs people of the office in and sends their forms."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from office import Office

from desk.accounts import set_password
from xiaohao.serving import application

PASSWORD = "一条清清的小溪流过街道"  # noqa: S105  an invented office's
TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')


class Browser:
    """One person's browser. Redirects are followed by hand, so that tests see them."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.client = TestClient(
            application(office.house, lambda: office.now), base_url="http://office.test", follow_redirects=False
        )

    def logged_in(self, who: str) -> "Browser":
        set_password(self.office.house.desk, self.office.people[who], PASSWORD, self.office.now)
        answer = self.logs_in(who, PASSWORD)
        assert answer.status_code == 303, answer.text
        return self

    def logs_in(self, who: str, password: str, wanted: str = "/") -> Response:
        page = self.get("/log-in")
        return self.client.post(
            "/log-in", data={"form_token": token_of(page), "name": who, "password": password, "next": wanted}
        )

    def get(self, path: str) -> Response:
        return self.client.get(path)

    def sees(self, path: str) -> str:
        """The text of a page that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return unescape(answer.text)

    def post(self, path: str, data: Mapping[str, Any] | None = None, files: Any = None, **fields: Any) -> Response:
        """A form with a token that is good for this browser."""
        return self.client.post(path, data={"form_token": self.token(), **(data or {}), **fields}, files=files)

    def acts(self, action: str, case_id: int, files: Any = None, **fields: Any) -> Response:
        """A step of a case, with the revision that its form shows."""
        path = f"/cases/{case_id}/actions/{action}"
        found = re.search(r'name="revision" value="(\d+)"', self.get(path).text)
        return self.post(path, files=files, **{"revision": found[1] if found else "", **fields})

    def token(self) -> str:
        return token_of(self.get("/password"))


def token_of(page: Response) -> str:
    found = TOKEN.search(page.text)
    assert found, page.text
    return found[1]


def says(answer: Response) -> str:
    """The text of an answer as it is read."""
    return unescape(answer.text)
