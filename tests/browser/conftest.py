"""A browser, and a site to look at."""

from __future__ import annotations

import pytest

from tests import chromium, sites


@pytest.fixture(scope="module")
def page():
    with chromium.browser() as shown:
        yield shown


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("site")
    sites.write(made)
    return made
