"""A report to publish on the fake wiki, and the client that does it."""

from __future__ import annotations

from irscribe.integrations.http import Http, Wire
from irscribe.integrations.mediawiki import BotPassword, Wiki
from tests.http.fake_mediawiki import FakeWiki, Step
from tests.http.patience import PATIENT, ForeseeingAdapter
from tests.http.wikirules import ACCOUNT, APPLICATION, PASSWORD

TITLE = "Incidents/2021-11-02 Cloud VPS networking"
TEXT = "== Summary ==\nKernel upgrade broke ingress.\n\n== Timeline ==\n* 11:35 first alert\n"
ADDRESS = "http://wiki.example/index.php/Incidents/2021-11-02_Cloud_VPS_networking"
SUMMARY = "Incident 12: draft from IRC"
BOT = BotPassword(f"{ACCOUNT}@{APPLICATION}", PASSWORD)


def client(fake: FakeWiki, *, login=BOT, url: str | None = None) -> Wiki:
    wire = Wire(
        service="The wiki",
        section="mediawiki",
        contact="ops@example.org",
        secrets=(login.secret,),
        timeouts=PATIENT,
        cookies=True,
    )
    return Wiki(url or fake.url, login, Http(wire, adapter=ForeseeingAdapter(fake)))


def edits(fake) -> list[dict[str, str]]:
    return [call.form for call in fake.wiki.calls if call.given.get("action") == "edit"]


def logins(fake) -> int:
    return fake.steps.count(Step.LOGIN)
