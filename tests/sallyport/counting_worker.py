"""A worker process whose work is to count: each job it does is a row, written in the commit that ends the job.

Settings come by the environment, databases by standard input. It is what `sallyport worker` is, but for its kinds.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time

from sqlalchemy import Connection, text

from records.clock import system_clock
from records.commit import Change, Committer
from records.jobs import JobKind
from records.keyring import Bundle
from records.store import Login
from sallyport.log import configure
from sallyport.reloading import Hangup
from sallyport.roles.lanes import run_lanes
from sallyport.roles.running import Running
from sallyport.settings import load
from tests.servers.postgres import Databases

MILLISECONDS = 2.0  # What a job takes to prepare.


def counted(subject: str, stops: list[bool]) -> Change:
    if stops and stops.pop():
        os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(MILLISECONDS / 1000)

    def apply(connection: Connection) -> None:
        connection.execute(text("INSERT INTO counted (subject, pid) VALUES (:s, :p)"), {"s": subject, "p": os.getpid()})

    return Change(apply=apply)


def main() -> None:
    told = json.loads(sys.stdin.readline())
    login = Login(**told["login"]) if told["login"] else None
    stores = Databases(told["record"], told["keys"], login).stores()
    configure(told["name"])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    committer = Committer(stores, system_clock)
    stops = [told["stops"]]
    counting = JobKind(prepare=lambda subject: counted(subject, stops), give_up=lambda *_: None)
    running = Running(
        role="worker",
        name=told["name"],
        settings=load(os.environ),
        keys=Bundle(public=(), private=(), digests={}, chain_keys={}),
        stores=stores,
        committer=committer,
        clock=system_clock,
        stop=stop,
        hangup=Hangup(told["name"], committer, system_clock),
        listen=None,
        ready=lambda _: print("ready", flush=True),  # noqa: T201 - whoever started it waits for this line
    )
    run_lanes(running, {"work": {"triage": counting, "admit": counting}, "post": {"acknowledge": counting}})
    committer.close()
    stores.close()


if __name__ == "__main__":
    main()
