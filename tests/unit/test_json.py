from __future__ import annotations

import json as plain
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from irscribe.domain.errors import ReportError
from irscribe.domain.report import Report
from irscribe.render import json, render
from tests import reports, strategies
from tests.examples import few_examples

CONTRACT = Path(__file__).parents[1] / "seeds"
COMPLETE = [reports.seed_2019, reports.seed_2021, reports.empty, reports.maximal]


def written(report: Report) -> str:
    return render(report, "json", reports.style())


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    """The largest report as JSON, after a change of its data."""
    data = plain.loads(written(reports.maximal()))
    change(data)
    return plain.dumps(data)


def refusal(text: str) -> str:
    with pytest.raises(ReportError) as caught:
        json.read(text)
    return str(caught.value)


@pytest.mark.parametrize("make", COMPLETE)
def test_a_report_read_back_is_the_same(make):
    assert json.read(written(make())) == make()


def test_each_entry_of_a_list_has_a_line_of_its_own():
    report = reports.maximal()
    lines = [line.strip().rstrip(",") for line in written(report).split("\n")]
    timeline = lines[lines.index('"timeline": [') + 1 :][: len(report.timeline)]
    assert [plain.loads(line)["number"] for line in timeline] == [entry.number for entry in report.timeline]


@few_examples()
@given(strategies.reports())
def test_whatever_a_report_holds_comes_back(report):
    text = written(report)
    assert json.read(text) == report
    assert written(json.read(text)) == text


@few_examples()
@given(strategies.reports(consistent=True))
def test_a_report_of_the_record_comes_back(report):
    assert json.read(written(report)) == report


@pytest.mark.parametrize("year", ["1969", "3000", "9999"])
def test_a_time_of_another_age_is_refused(year):
    def far_away(data):
        data["timeline"][0]["until"] = f"{year}-12-31T23:59:00Z"

    assert "of 1970 to 2999" in refusal(changed(far_away))


@pytest.mark.parametrize("case", reports.NASTY, ids=lambda case: case["id"])
def test_nothing_typed_changes_on_the_way(case):
    report = reports.saying(case["input"])
    assert json.read(written(report)) == report


@pytest.mark.parametrize("name", ["2019-10-07-wmcs-network", "2021-11-02-cloud-vps-networking"])
def test_the_keys_stand_in_the_order_of_the_reference_reports(name):
    def keys_of(value: Any) -> Any:
        if isinstance(value, dict):
            return [(key, keys_of(inner)) for key, inner in value.items()]
        return [keys_of(inner) for inner in value] if isinstance(value, list) else None

    make = reports.seed_2019 if name.startswith("2019") else reports.seed_2021
    wanted = plain.loads((CONTRACT / f"{name}.json").read_text(encoding="utf-8"))
    given_ = plain.loads(written(make()))
    for key in ("incident", "metadata", "timeline", "conclusions", "links", "actionables"):
        assert keys_of(given_[key]) == keys_of(wanted[key])
    assert list(given_) == list(wanted)


def test_a_gap_is_spelled_from_and_until():
    assert plain.loads(written(reports.maximal()))["gaps"] == [
        {"from": "2024-12-30T23:02:00Z", "until": "2024-12-30T23:09:00Z"},
        {"from": "2024-12-31T01:15:00Z", "until": None},
    ]


def test_the_file_is_readable_text_that_ends_in_a_newline():
    text = written(reports.saying("naïve – 日本語"))
    assert "naïve – 日本語" in text
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda data: data.update(schema="irscribe.report/2"), "schema: 'irscribe.report/2'"),
        (lambda data: data.pop("schema"), "schema: None"),
        (lambda data: data.pop("missing"), "missing: this key is missing"),
        (lambda data: data.update(extra=1), "extra: this key is not part of the format"),
        (lambda data: data["timeline"][3].update(at="yesterday"), 'timeline[3].at: "yesterday" is not a time'),
        (lambda data: data["timeline"][3].update(at="2024-02-30T00:00:00Z"), "timeline[3].at"),
        (lambda data: data["timeline"][3].update(at="2024-12-30T22:51:00+00:00"), "timeline[3].at"),
        (lambda data: data["timeline"][3].update(at=None), "timeline[3].at: it is null when"),
        (lambda data: data["timeline"][3].update(until="2001-01-01T00:00:00Z"), "timeline[3].until"),
        (lambda data: data["timeline"][0].update(number=0), "timeline[0].number: 0 is not a whole number from 1"),
        (lambda data: data["timeline"][0].update(number=True), "timeline[0].number: true"),
        (lambda data: data["timeline"][0].update(number=1.0), "timeline[0].number: 1.0"),
        (lambda data: data["timeline"][0].update(number=2), "timeline: number 2 stands twice"),
        (lambda data: data["timeline"][0].update(kind="rumour"), 'timeline[0].kind: "rumour" is not one of note,'),
        (lambda data: data["timeline"][0].update(author="jynus"), "timeline[0].author: "),
        (lambda data: data["timeline"][0]["author"].pop("nick"), "timeline[0].author.nick: this key is missing"),
        (lambda data: data["timeline"][1]["marker"].update(phrase="elsewhere"), "timeline[1].marker.phrase"),
        (lambda data: data["durations"].update(outage_minutes=-1), "durations.outage_minutes: -1"),
        (lambda data: data["durations"].update(outage_minutes=2**31), "durations.outage_minutes"),
        (lambda data: data["metadata"].update(responders=None), "metadata.responders: null is not a list"),
        (lambda data: data.update(links={}), "links: An object is not a list"),
        (lambda data: data.update(summary="half \ud800"), "summary: this text holds half a character"),
        (lambda data: data["timeline"][0].update(speaker="\ud800"), "timeline[0].speaker: this text holds half"),
        (lambda data: data["incident"].update(number=2**31 - 1), "incident.number: 2147483647 is not a whole number"),
        (
            lambda data: data["timeline"][0].update(number=10**9 + 1),
            "timeline[0].number: 1000000001 is not a whole number from 1 to 1000000000",
        ),
        (lambda data: data["gaps"][0].update(begins=None), "gaps[0].begins: this key is not part"),
        (lambda data: data["incident"].update(private="yes"), 'incident.private: "yes" is not true or false'),
    ],
)
def test_a_refusal_names_the_place(change, where):
    assert refusal(changed(change)).startswith(where)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{", '{"schema": 1, "schema": 2}', '{"schema": NaN}', "[" * 100_000, "9" * 5000],
)
def test_what_is_no_report_at_all_is_refused_in_a_sentence(text):
    assert refusal(text).endswith((".", ")."))


def test_items_nested_without_end_are_refused():
    def nest(data: dict[str, Any]) -> None:
        for _ in range(100):
            data["conclusions"]["went_well"] = [{"text": "", "items": data["conclusions"]["went_well"]}]

    assert "nested more than" in refusal(changed(nest))
