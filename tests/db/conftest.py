"""A channel to talk in, on a database of its own."""

from __future__ import annotations

from contextlib import closing
from shutil import copyfile

import pytest

from irscribe.config import load
from tests.db.desk import SOON, Desk
from tests.postgres import emptied_database, migrated_database, scratch_database
from tests.shelf import Shelf
from tests.talk import Talk, empty_file


@pytest.fixture
def config():
    """The settings of the conversation; a module about an organisation has another fixture of this name."""
    return load(None)


@pytest.fixture(params=["sqlite", "postgresql"])
def talk(request, tmp_path, config):
    """A conversation, on each kind of database."""
    talk = Talk(tmp_path, config=config, url=emptied_database() if request.param == "postgresql" else None)
    with closing(talk.database):
        yield talk


@pytest.fixture
def filed(tmp_path):
    """A conversation on a file, for what only files have."""
    talk = Talk(tmp_path)
    with closing(talk.database):
        yield talk


@pytest.fixture
def desk(filed):
    """A writer at work on that, with an incident open."""
    desk = Desk(filed)
    desk.writer.start()
    desk.ask("!ir start API returns 500")
    yield desk
    desk.writer.stop(SOON)


@pytest.fixture
def at_head():
    """Whether a database is at the program's version from the start, for a module that has a fixture of this name."""
    return False


@pytest.fixture
def sqlite(tmp_path, at_head):
    """The URL of a file that is not there yet, or of an empty record."""
    if at_head:
        copyfile(empty_file(), tmp_path / "irscribe.db")
    return f"sqlite:///{tmp_path / 'irscribe.db'}"


@pytest.fixture
def postgresql(at_head):
    """The URL of an empty database on a server, or of an empty record."""
    with migrated_database() if at_head else scratch_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    """The URL of a database of each kind."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def shelf(tmp_path):
    shelves = []

    def build(**settings):
        shelves.append(Shelf(tmp_path, **settings))
        return shelves[-1]

    yield build
    for each in shelves:
        each.talk.database.close()
