"""The scheduler: queues that wait for no other queue, and jobs that are wanted soon."""

from __future__ import annotations

import logging
from functools import partial
from queue import SimpleQueue
from threading import Event

import pytest

from irscribe.engine.scheduler import Job, Queue, Scheduler
from tests.waiting import HANGS

NEVER = 86_400.0
"""Seconds of an interval that does not end during a test."""


@pytest.fixture
def run():
    """Makes a scheduler at work."""
    started = []

    def make(*jobs: Job) -> Scheduler:
        started.append(Scheduler(jobs))
        started[-1].start()
        return started[-1]

    yield make
    for each in started:
        each.stop(HANGS)


class Work:
    """A job that says when it begins and waits until it may end."""

    def __init__(self, queue: Queue) -> None:
        self.begun: SimpleQueue[None] = SimpleQueue()
        self.may_end = Event()
        self.job = Job(work=self, queue=queue, interval=NEVER)

    def __call__(self) -> None:
        self.begun.put(None)
        assert self.may_end.wait(HANGS)


def test_a_long_rewriting_does_not_hold_up_a_report_nor_the_other_way_round(run):
    rewriting, report = Work(Queue.REDACTIONS), Work(Queue.RECORD)
    scheduler = run(rewriting.job)
    scheduler.run_soon(rewriting.job)
    rewriting.begun.get(timeout=HANGS)
    scheduler.run_soon(Job(work=report, queue=Queue.RECORD))
    report.begun.get(timeout=HANGS)
    rewriting.may_end.set()
    scheduler.run_soon(rewriting.job)
    rewriting.begun.get(timeout=HANGS)
    report.may_end.set()


def test_reports_are_written_in_the_order_of_the_requests(run):
    scheduler, written = run(), SimpleQueue()
    for number in range(20):
        scheduler.run_soon(Job(work=lambda number=number: written.put(number), queue=Queue.RECORD))
    assert [written.get(timeout=HANGS) for _ in range(20)] == [*range(20)]


def test_what_is_wanted_during_a_run_is_done_once_more_after_it(run):
    delivering = Work(Queue.TASKS)
    scheduler = run(delivering.job)
    scheduler.run_soon(delivering.job)
    delivering.begun.get(timeout=HANGS)
    for _ in range(5):
        scheduler.run_soon(delivering.job)
    assert delivering.begun.empty()
    delivering.may_end.set()
    delivering.begun.get(timeout=HANGS)


def test_nothing_is_run_during_a_pause_and_all_after_it(run):
    delivering = Work(Queue.TASKS)
    delivering.may_end.set()
    scheduler = run(delivering.job)
    scheduler.pause()
    scheduler.run_soon(delivering.job)
    assert delivering.begun.empty()
    scheduler.start()
    delivering.begun.get(timeout=HANGS)


def test_a_failure_is_logged_and_ends_no_other_job(run, caplog):
    done = Event()
    scheduler = run()
    with caplog.at_level(logging.ERROR, logger="irscribe"):
        scheduler.run_soon(Job(work=lambda: 1 // 0, queue=Queue.RECORD))
        scheduler.run_soon(Job(work=done.set, queue=Queue.RECORD))
        assert done.wait(HANGS)
    assert "A tick failed" in caplog.text


def test_neither_deliveries_that_hang_nor_a_long_site_keep_the_bot_from_ending():
    hanging = [Work(queue) for queue in (Queue.TASKS, Queue.PAGES, Queue.SITE)]
    scheduler = Scheduler([each.job for each in hanging])
    scheduler.start()
    for each in hanging:
        scheduler.run_soon(each.job)
        each.begun.get(timeout=HANGS)
    scheduler.stop(timeout=0.0)
    for each in hanging:
        each.may_end.set()


def test_what_was_wanted_just_before_the_end_is_done():
    scheduler, written = Scheduler([]), []
    scheduler.start()
    for number in range(3):
        scheduler.run_soon(Job(work=partial(written.append, number), queue=Queue.WITHDRAWALS))
    scheduler.stop(HANGS)
    assert written == [0, 1, 2]


def test_what_is_wanted_after_the_end_does_no_harm():
    delivering = Work(Queue.TASKS)
    scheduler = Scheduler([delivering.job])
    scheduler.start()
    scheduler.stop(HANGS)
    scheduler.run_soon(delivering.job)
    scheduler.run_soon(Job(work=delivering, queue=Queue.RECORD))
    assert delivering.begun.empty()
