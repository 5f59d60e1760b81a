"""Somebody at Superset's door: signs in by its form and asks its REST API as a browser would."""

import re
from typing import Any, Self

import httpx


class Visitor:
    """One browser session without the browser; nobody in particular until ``sign_in``."""

    def __init__(self, url: str) -> None:
        self.url = url
        # A kept connection may be closed by the server in the moment it is used again.
        limits = httpx.Limits(max_keepalive_connections=0)
        self.http = httpx.Client(base_url=url, timeout=60, limits=limits)
        self._token = ""

    def sign_in(self, user: str, password: str) -> Self:
        """Sign in by cookie: with a bearer token, the public's rights could count instead."""
        form = {"username": user, "password": password, "csrf_token": self.csrf("/login/")}
        answer = self.http.post("/login/", data=form)
        assert answer.status_code == httpx.codes.FOUND, answer.text[:300]
        assert self.http.get("/api/v1/me/").status_code == httpx.codes.OK, f"{user} can't sign in"
        return self

    def csrf(self, page: str) -> str:
        """The token that a page gives to what is sent from it."""
        text = self.http.get(page, follow_redirects=True).text
        found = re.search(r'id="csrf_token"\s+value="([^"]+)"', text)
        assert found, f"{page} has no token"
        return found[1]

    def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Any route, with the token that changes need."""
        headers = {"Referer": self.url}
        if method != "GET":
            self._token = self._token or self.csrf("/user_info/")
            headers["X-CSRFToken"] = self._token
        return self.http.request(method, path, json=body, headers=headers)

    def query(self, dataset: int, form_data: Any = None, **query: Any) -> httpx.Response:
        """Ask a dataset for data, as every chart does."""
        body = {
            "datasource": {"id": dataset, "type": "table"},
            "queries": [{"columns": [], "metrics": [], "row_limit": 1000, **query}],
        }
        if form_data is not None:
            body["form_data"] = form_data
        return self.http.post("/api/v1/chart/data", json=body)

    def count(self, dataset: int) -> int | None:
        """How many rows of a dataset there are for this visitor; None where it is refused."""
        answer = self.query(dataset, metrics=[sql_metric("COUNT(*)")])
        if answer.status_code in (401, 403):
            return None
        assert answer.status_code == httpx.codes.OK, answer.text[:300]
        counted: int = answer.json()["result"][0]["data"][0]["n"]
        return counted


def sql_metric(expression: str) -> dict[str, str]:
    """A metric called n that somebody wrote by hand."""
    return {"expressionType": "SQL", "sqlExpression": expression, "label": "n"}
