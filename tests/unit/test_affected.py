from __future__ import annotations

import pytest

from tests.affected import affected, spread


def test_a_change_spreads_to_what_imports_it_nearest_first_and_each_once():
    importers = {"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": {"a"}}
    assert list(spread({"a"}, importers)) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("changed", "test"),
    [
        ("irscribe/domain/sed.py", "tests/unit/test_sed.py"),
        ("models/tables.py", "tests/db/test_migrations.py"),
        ("tests/rawclient.py", "tests/irc/test_ircd_channels.py"),
        ("tests/unit/test_sed.py", "tests/unit/test_sed.py"),
    ],
)
def test_the_tests_of_a_changed_file_are_found(changed, test):
    assert test in affected([changed])


def test_a_file_that_nothing_imports_affects_no_test():
    assert affected(["docs/notes.py"]) == []
