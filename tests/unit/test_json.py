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
from irscribe.render.earlier import NEW_LISTS
from tests import reports, strategies
from tests.examples import few_examples
from tests.firstformat import in_first_format

CONTRACT = Path(__file__).parents[1] / "seeds"
COMPLETE = [reports.seed_2019, reports.seed_2021, reports.empty, reports.maximal, reports.watched]


def written(report: Report) -> str:
    return render(report, "json", reports.style())


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    """The largest report as JSON, after a change of its data."""
    data = plain.loads(written(reports.watched()))
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
    first = in_first_format(given_)
    for key in ("incident", "metadata", "timeline", "conclusions", "links", "actionables"):
        assert keys_of(first[key]) == keys_of(wanted[key])
    assert list(first) == list(wanted)


@few_examples()
@given(strategies.reports())
def test_a_file_of_the_first_version_comes_out_equal_in_its_keys(report):
    before = in_first_format(plain.loads(written(report)))
    text = written(json.read(plain.dumps(before)))
    after = plain.loads(text)
    assert in_first_format(after) == before
    assert written(json.read(text)) == text


def test_a_file_of_the_first_version_names_its_coordinators_without_times():
    unknown = {"role": "coordinator", "from": None, "until": None}
    after = plain.loads(written(json.read(plain.dumps(in_first_format(plain.loads(written(reports.maximal())))))))
    assert after["roles"] == [unknown | {"name": "jynus"}, unknown | {"name": "[[cdanis]]"}]
    assert [after[key] for key in NEW_LISTS if key != "roles"] == [[]] * 7


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda data: data.update(alerts=[]), "alerts: this key is not part of irscribe.report/1"),
        (lambda data: data["metadata"].update(page=None), "metadata.page: this key is not part"),
        (lambda data: data["actionables"][1].update(due=None), "actionables[1].due: this key is not part"),
        (lambda data: data.update(metadata=None), "metadata: null is not an object"),
        (lambda data: data.update(actionables=[1]), "actionables[0]: 1 is not an object"),
        (lambda data: data["metadata"].update(coordinators=[1]), "metadata.coordinators[0]: 1 is not a text"),
    ],
)
def test_a_refusal_of_a_file_of_the_first_version_names_the_place(change, where):
    data = in_first_format(plain.loads(written(reports.maximal())))
    change(data)
    assert refusal(plain.dumps(data)).startswith(where)


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
        (lambda data: data.update(schema="irscribe.report/3"), "schema: 'irscribe.report/3'"),
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
        (lambda data: data["actionables"][0].update(due="2025-1-1"), 'actionables[0].due: "2025-1-1" is not a day'),
        (
            lambda data: data["impact_figures"][0].update(value="1200"),
            'impact_figures[0].value: "1200" is not a number',
        ),
        (lambda data: data["impact_figures"][0].update(value=-1), "impact_figures[0].value: -1 is not a number from 0"),
        (lambda data: data["impact_figures"][0].update(value=True), "impact_figures[0].value: true"),
        (lambda data: data["roles"][0].update(since=None), "roles[0].since: this key is not part"),
        (lambda data: data["theories"][0].update(entry=99), "theories[0]: entry 99 is not in the timeline"),
        (
            lambda data: data["theories"][1].update(entry=12),
            "theories[1]: entry 12 is not in the timeline, or is about",
        ),
        (lambda data: data["theories"][1].update(number=1), "theories: number 1 stands twice"),
        (lambda data: data["theories"][1].update(state="wrong"), 'theories[1].state: "wrong" is not one of open,'),
        (lambda data: data["related"][1].update(number=3), "related: number 3 stands twice"),
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
