"""The app: everything that outlives a connection, wired together here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Protocol

from irscribe.config import Config
from irscribe.domain.attendance import Arrival
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.channel import CHANNELS
from irscribe.domain.events import Event, OutboxFilled, Outcome, PostAnswered, StepDown, Withdrawal
from irscribe.domain.intent import PAGES, TASKS
from irscribe.domain.naming import NetworkNamed
from irscribe.domain.request import Left, Renamed, Reply, Request
from irscribe.domain.talk import HeardLine
from irscribe.domain.topics import TopicChange
from irscribe.engine.alerting import Alerting
from irscribe.engine.answering import Answerer, LookupHandler
from irscribe.engine.changed import tell
from irscribe.engine.following import Following
from irscribe.engine.hearing import Hearing
from irscribe.engine.indexing import Indexing
from irscribe.engine.leader import Leadership, log_unsaid
from irscribe.engine.loops import Loops
from irscribe.engine.nudging import Nudging, Sight
from irscribe.engine.outbox_worker import OutboxWorker, Service
from irscribe.engine.outgoing import Outgoing
from irscribe.engine.purge import Purge
from irscribe.engine.report_files import ReportFiles
from irscribe.engine.retention import Retention
from irscribe.engine.scheduler import TICK_INTERVAL, Job, Queue, Scheduler
from irscribe.engine.sender import Sender
from irscribe.engine.site import OwnSite
from irscribe.engine.upkeep import upkeep
from irscribe.engine.webhook import WebhookServer
from irscribe.engine.writer import Handler, Writer
from irscribe.services.application import build_application
from irscribe.services.context.application import ApplicationContext
from irscribe.services.coverage.tracker import CoverageTracker
from irscribe.services.filing.clients import LazyClients
from models import Database, networks
from models.migrating import migrate


class Serving(Handler, LookupHandler, Protocol):
    """Carries out events, and answers lookups."""


class MakeHandler(Protocol):
    """Builds the adapter, which stands above the app and so is passed in."""

    def __call__(self, application: ApplicationContext) -> Serving:
        """Make a handler that serves requests with these settings."""


def build(config: Config, handler: MakeHandler) -> App:
    """Make an app for these settings; it opens and starts nothing yet."""
    return App(build_application(config), handler)


class App:
    """Takes events, records them, and sends the replies through the connection that is attached."""

    def __init__(self, application: ApplicationContext, handler: MakeHandler) -> None:
        """Connect the parts with each other."""
        self.database = Database(application.config.database, alone=True)
        self._application = application
        config = application.config
        self._loops = Loops(prefix=config.names.prefix)
        self._outgoing = Outgoing(config.pace, share=config.share, on_said=self._loops.said)
        forgetting = Purge(self.database)
        self._standby = Leadership(self.database, begin=self._become_active, end=self._step_down)
        may_write = partial(getattr, self._standby, "is_active")
        self._files = ReportFiles(self.database, application, forgetting=forgetting, may_write=may_write)
        self._following = Following(self.database, application)
        self._workers = self._outbox_workers()
        serving = handler(application)
        self._answerer = Answerer(
            self.database,
            serving,
            write=self._files.write_and_tell,
            deliver=self._deliver,
            take_back=self._outgoing.take_back,
        )
        self._writer = Writer(self.database, serving, self._answerer.deliver)
        self.coverage = CoverageTracker(self._writer.submit, clock=self._writer.clock)
        self.nudging = Nudging(
            self.database, application, submit=self._writer.submit, heard=lambda: self.coverage.heard
        )
        self._alerting = Alerting(self.database, submit=self._writer.submit, clock=self._writer.clock)
        self.indexing = Indexing(self.database)
        self.site = OwnSite(self.database, application, may_write=may_write)
        self._hearing = Hearing(application, self.database, submit=self._writer.submit, clock=self._writer.clock)
        notes = (self.indexing.note, self._hearing.note, self._following.note, self.site.note)
        self.database.after_commit = partial(tell, notes)
        self._rewriting = Job(work=self._files.rewrite_due, queue=Queue.REDACTIONS, interval=TICK_INTERVAL)
        self._delivering = [
            Job(work=worker.run_due, queue=queue, interval=TICK_INTERVAL) for queue, worker in self._workers.items()
        ]
        self.webhook = WebhookServer(
            config.webhook, submit=self._writer.submit, is_active=lambda: self._standby.is_active
        )
        jobs = (self._rewriting, *self._delivering, *self._upkeep(forgetting), *self.site.jobs)
        self._scheduler = Scheduler(jobs)
        self.site.run_soon = self._scheduler.run_soon
        self._leave: Callable[[], None] | None = None
        self.casemapping = CaseMapping.ASCII

    def _outbox_workers(self) -> Mapping[Queue, OutboxWorker]:
        """A worker for each service, so that none waits for the other."""
        worker = partial(
            OutboxWorker,
            self.database,
            self._application,
            clients=LazyClients(self._application.config),
            files=self._files,
            deliver=self._say,
        )
        return {
            Queue.TASKS: worker(service=Service(kinds=TASKS, following=self._following)),
            Queue.PAGES: worker(service=Service(kinds=PAGES)),
        }

    def _upkeep(self, forgetting: Purge) -> Iterator[Job]:
        return upkeep(
            indexing=self.indexing,
            coverage=self.coverage,
            hearing=self._hearing,
            alerting=self._alerting,
            nudging=self.nudging,
            retention=Retention(
                self.database,
                self._application.config.retention,
                listen_days=self._application.config.listen_days,
                commands=self._application.commands,
                forgetting=forgetting,
            ),
        )

    def start(self) -> None:
        """Open the database and start the threads.

        Raises DatabaseError when the database cannot be used or cannot be migrated to this program's version.
        """
        if self.database.file is not None:
            migrate(self.database)
        self.database.require_head()
        self.database.require_use()
        self.casemapping = networks.read_casemapping(self.database)
        self.site.serve(beside=self.webhook.paths_on(self.site.listen))
        self._outgoing.start()
        self._answerer.start()
        self._writer.start()
        self._standby.start()
        self.webhook.start(site=self.site.listen)

    def stop(self, timeout: float) -> None:
        """Carry out the events that wait, send what can be sent, and end within about ``timeout`` seconds."""
        self.webhook.stop(timeout / 8)
        self._hearing.flush()
        self._writer.stop(timeout / 2)
        self._answerer.stop(timeout / 4)
        for worker in self._workers.values():
            worker.stop()
        self._scheduler.stop(timeout / 4)
        self._outgoing.stop(timeout / 2)
        self._standby.stop()
        self.site.stop(timeout / 4)
        self.database.close()

    def take_leader_lock(self) -> bool:
        """Take the leader lock if it is free; True if this bot is the active one now.

        Raises VersionError when the database is no longer at this program's version.
        """
        return self._standby.take()

    def release_leader_lock(self) -> None:
        """Release the leader lock, as this bot cannot reach the network: another bot may try."""
        self._standby.offer()

    def on_step_down(self, leave: Callable[[], None] | None) -> None:
        """Set the function that leaves the network when the leader lock is lost; None while there is no connection."""
        self._leave = leave
        if leave is not None and not self._standby.is_active:
            leave()

    def is_well(self) -> bool:
        """True if events are being carried out."""
        return not self._writer.is_stuck()

    def submit(self, event: Event) -> None:
        """Queue one event, in the order of the calls; returns at once."""
        self._hearing.arrive(event)
        if isinstance(event, Renamed):
            self.nudging.rename(event)
        self._writer.submit(event)

    def hear(self, line: HeardLine) -> None:
        """Take a line of a channel as talk, before it may be submitted as a command; returns at once."""
        self._hearing.hear(line)
        self.nudging.hear(line)

    def arrive(self, arrival: Arrival) -> None:
        """Take somebody who has joined a channel; returns at once."""
        self.nudging.arrive(arrival)

    def meet_network(self, event: NetworkNamed) -> None:
        """Compare names as this network does from now on; to be called before ``attach`` and before its lines."""
        self.casemapping = self._hearing.casemapping = event.naming.casemapping
        self.submit(event)

    def awaits_rest(self, request: Request) -> bool:
        """True if a plain line may be the rest of a split command."""
        return self._writer.awaits_rest(request)

    def lets_alone(self, request: Request) -> bool:
        """True if a line shows a bot that answers ours, so that it is not to be submitted."""
        return self._loops.lets_alone(request)

    def attach(self, voice: Sender) -> None:
        """Send replies through this connection from now on."""
        self._outgoing.attach(voice)

    def watch(self, sight: Sight) -> None:
        """See through this connection who is in the channels; until ``detach``."""
        self.nudging.watch(sight)

    def detach(self) -> None:
        """Keep the replies that wait for the next connection."""
        self.coverage.disconnect()
        self._hearing.disconnect()
        self.nudging.watch(None)
        self._outgoing.detach()

    def _become_active(self) -> None:
        self.database.require_head()
        self.indexing.note()
        self._hearing.note()
        self._following.note_all()
        self._scheduler.start()
        self.site.build_anew()
        catching_up = Job(work=self._files.catch_up, queue=Queue.REDACTIONS)
        for job in (catching_up, self._rewriting, *self._delivering, *self.site.jobs):
            self._scheduler.run_soon(job)

    def _step_down(self) -> None:
        self._scheduler.pause()
        if self._leave is not None:
            self._leave()

    def _deliver(self, outcome: Outcome) -> None:
        """Carry out an outcome in its order: a nick may change hands between two replies."""
        for is_said, some in groupby(outcome, key=lambda each: isinstance(each, Reply)):
            if is_said:
                self._say(each for each in some if isinstance(each, Reply))
            else:
                self._do(some)

    def _do(self, outcome: Iterable[object]) -> None:
        for each in outcome:
            match each:
                case Renamed():
                    self._outgoing.follow(each.person.nick, each.nick)
                case Left():
                    self._outgoing.follow(each.nick, None)
                case Withdrawal():
                    work = partial(self._files.withdraw, each, deliver=self._say, beside=self.site.withdraw)
                    self._scheduler.run_soon(Job(work=work, queue=Queue.WITHDRAWALS))
                case OutboxFilled():
                    for job in (self._rewriting, *self._delivering):
                        self._scheduler.run_soon(job)
                case TopicChange() if self._standby.is_active:
                    self._outgoing.set_topic(each)
                case StepDown():
                    self._standby.give_way()
                case PostAnswered():
                    each.post.tell(each.is_recorded)

    def _say(self, replies: Iterable[Reply]) -> None:
        spoken = [self._spoken(each) for each in replies]
        if self._standby.is_active:
            self._outgoing.put(spoken)
        else:
            log_unsaid(spoken)

    def _spoken(self, reply: Reply) -> Reply:
        """Make it text, with the names that commands have in the place where it is said."""
        channel = reply.to if reply.to[:1] in CHANNELS else None
        return replace(reply, text=self._application.spoken(reply.text, channel, self.casemapping))
