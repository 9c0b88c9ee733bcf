"""A browser's worth of HTTP for tests that start the portal as a process: cookies, tokens, one save at a time."""

import http.client
import http.cookiejar
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request

SECONDS = 60  # on a busy machine too: what is given up here may still be done there, and is then sent a second time


class Client:
    def __init__(self, address: str) -> None:
        self.address = address
        self.jar = http.cookiejar.CookieJar()
        handlers = urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar)
        self.opener = urllib.request.build_opener(*handlers)
        self.token = ""
        self.membership = ""

    def open(self, path: str, data: dict[str, str] | bytes | None = None, headers: dict[str, str] | None = None):
        """(status, text); status 0 where there was no answer at all."""
        body = urllib.parse.urlencode(data).encode() if isinstance(data, dict) else data
        request = urllib.request.Request(self.address + path, body, headers or {})  # noqa: S310 -- our own server
        try:
            with self.opener.open(request, timeout=SECONDS) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):  # also one that ended in the middle of its answer
            return 0, ""

    def wait(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while self.open("/account/login/")[0] != 200:
            assert time.monotonic() < until, "the portal does not answer"
            time.sleep(0.2)

    def sign_in(self, membership: int) -> None:
        """As one of the demo's accounts, by its button."""
        page = self.open("/account/login/")[1]
        address = re.search(r'action="([^"]*demo[^"]*)"', page)[1]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        status, page = self.open(address, {"csrfmiddlewaretoken": token, "membership": str(membership)})
        assert status == 200, status
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        marks = re.findall(r'name="acting(?:_membership)?" value="(\d+)"', page)
        self.membership = marks[0] if marks else ""

    def act(self, path: str, data: dict[str, str], file: tuple[str, bytes] | None = None) -> tuple[int, str]:
        """A form sent, with the file of its box ``file``; the page that it leads to."""
        fields = {**data, "csrfmiddlewaretoken": self.token, "acting_membership": self.membership}
        headers = {"Referer": self.address + "/"}
        if file is None:
            return self.open(path, fields, headers)
        mark = "portal-test-boundary"
        parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
        name, content = file
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n')
        body = "".join(parts).encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self.open(path, body, {**headers, "Content-Type": f"multipart/form-data; boundary={mark}"})

    def save(self, response: int, code: str, note: str, revision: int) -> tuple[int, dict]:
        data = {f"r:{code}": str(revision), f"n:{code}": note}
        headers = {"X-CSRFToken": self.token, "Accept": "application/json", "Referer": self.address + "/"}
        status, text = self.open(f"/responses/{response}/answers/{urllib.parse.quote(code)}/", data, headers)
        try:
            return status, json.loads(text)
        except ValueError:
            return status, {}
