"""Jobs over a broker: Celery on RabbitMQ or SQS, carrying nothing but job ids.

The job table stays the truth: a message only says that a job is due, so it may come twice, late or
never. Each tenant has a queue for each priority.
"""

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import structlog
from celery import Celery, signals
from kombu import Queue

from core.domain.ids import JobId, TenantId
from core.domain.jobs import Priority
from core.errors import BrokerUnavailable, InvalidInput
from core.ports import Published
from core.queue.running import JobRunner

log = structlog.get_logger(__name__)

KEEP = 60.0
"""Seconds a message waits for a worker; then the broker drops it and the relay sends another."""

_CONFIRMED_WITHIN = 10.0
_SCHEMES = ("amqp://", "amqps://", "sqs://")
_TASK = "run_job"

Build = Callable[[Callable[[], bool]], JobRunner]
"""Makes the runner of a process, given what tells it to stop."""


class Broker:
    """One tenant's queues at ``url``; ``options`` are those of Celery's transport.

    Raises ``InvalidInput`` for a URL of another kind.
    """

    def __init__(self, url: str, tenant: TenantId, options: Mapping[str, Any] | None = None):
        if not url.startswith(_SCHEMES):
            raise InvalidInput("COPILOT_BROKER_URL must be amqp://…, amqps://… or sqs://…")
        self._queues = {
            priority: Queue(f"copilot-{tenant}-{priority.name.lower()}", durable=True)
            for priority in Priority
        }
        self._celery = _celery(url, list(self._queues.values()), options or {})
        self._connection: Any = None

    def publish(self, jobs: Sequence[Published]) -> None:
        """Tell the broker of jobs that are due and wait until it has them.

        Raises ``BrokerUnavailable``; some of them may then have arrived.
        """
        try:
            self._publish(jobs)
        except Exception as error:
            self.close()
            # Whatever it is, the table still has the jobs; its text may hold the broker's address.
            raise BrokerUnavailable(f"the broker did not answer: {type(error).__name__}") from error

    def _publish(self, jobs: Sequence[Published]) -> None:
        if self._connection is None:
            self._connection = self._celery.connection_for_write()
        with self._celery.amqp.Producer(self._connection, auto_declare=False) as producer:
            for job in jobs:
                self._celery.send_task(
                    _TASK,
                    (job.id,),
                    queue=self._queues[Priority(job.priority)],
                    producer=producer,
                    expires=KEEP,
                    retry=False,
                    confirm_timeout=_CONFIRMED_WITHIN,
                )

    def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.collect(socket_timeout=1.0)

    def consume(self, build: Build, *, processes: int, only: Sequence[Priority] = ()) -> int:
        """Run jobs in ``processes`` processes until SIGTERM; return the exit code.

        A message whose job is not due, or that somebody has, is simply forgotten.
        """
        # Made before the processes are forked, so that all of them see it.
        stop = multiprocessing.get_context("fork").Event()
        runner = cache(lambda: build(stop.is_set))
        signals.worker_shutting_down.connect(lambda **_: stop.set(), weak=False)

        def run(id: str) -> None:
            try:
                runner().run_job(JobId(str(id)))
            except Exception as error:
                # Its lease ends, and the relay tells of it again.
                log.exception("message.failed", error=type(error).__name__, exc_info=False)

        self._celery.task(run, name=_TASK)
        worker = self._celery.Worker(
            pool="prefork",
            concurrency=processes,
            queues=[self._queues[priority].name for priority in only or Priority],
            optimization="fair",
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            quiet=True,
        )
        worker.start()
        return int(worker.exitcode or 0)


def _celery(url: str, queues: Sequence[Queue], options: Mapping[str, Any]) -> Celery:
    # Its own loggers say what came in; ours say what was done.
    signals.setup_logging.connect(_leave_logging_alone)
    app = Celery("copilot", broker=url, set_as_current=False)
    transport = {"confirm_publish": True} if url.startswith("amqp") else {}
    app.conf.update(
        accept_content=["json"],
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=4.0,
        broker_transport_options={**transport, **options},
        task_acks_late=True,
        task_default_queue=queues[-1].name,
        task_ignore_result=True,
        task_queues=queues,
        task_serializer="json",
        worker_cancel_long_running_tasks_on_connection_loss=False,
        # SQS has none, and nobody here listens.
        worker_enable_remote_control=False,
        worker_prefetch_multiplier=1,
        worker_redirect_stdouts=False,
    )
    return app


def _leave_logging_alone(**_: object) -> None:
    """Keep the process's own logging."""
