"""The bot ends when one of its vital threads has died."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from irscribe.engine.scheduler import Queue
from irscribe.runtime.signals import VITAL_THREADS

ROOT = Path(__file__).parents[2]
LIFE = """
import sys
from threading import Thread
from irscribe.runtime import own_signals

stop = own_signals()
Thread(target=lambda: 1 / 0, name=sys.argv[1]).start()
stop.wait(float(sys.argv[2]))
sys.exit(10 + 2 * stop.requested + stop.failed)
"""


@pytest.mark.parametrize(("thread", "patience", "code"), [("writer", 30, 13), ("outgoing", 30, 13), ("guest", 0.1, 10)])
def test_a_bot_whose_writer_or_voice_has_died_ends_as_failed(thread, patience, code):
    life = subprocess.run(
        [sys.executable, "-c", LIFE, thread, str(patience)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert life.returncode == code, life.stderr
    assert "ZeroDivisionError" in life.stderr


def test_the_threads_of_all_queues_of_jobs_are_vital():
    assert {*Queue} <= VITAL_THREADS
