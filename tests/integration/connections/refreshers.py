"""Many processes that need the same refresh at once, over and over.

Run as a program: reads what to do as JSON from its first argument, prints what came of it. One
program forks them all before it opens anything, so that twenty start as fast as one.
"""

import datetime as dt
import json
import multiprocessing
import sys
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

import sqlalchemy as sa
from cryptography.fernet import Fernet, MultiFernet
from redis import Redis

from webapp.db import prepare_sqlite
from webapp.models.xero import XeroToken
from webapp.services.tokens import DbTokenStore
from webapp.xero import connect
from webapp.xero.endpoints import Credentials, Endpoints

LONGEST = 60
"""Seconds after which a round has hung."""


def engine_of(address: str) -> sa.Engine:
    engine = sa.create_engine(address)
    if address.startswith("sqlite"):
        prepare_sqlite(engine)
    return engine


def refresher(task: dict, start: Barrier, answers: Connection) -> None:
    """One process: in each round, when all are ready, ask for good tokens."""
    store = DbTokenStore(
        engine=engine_of(task["database_url"]),
        redis=Redis.from_url(task["redis_url"]),
        cipher=MultiFernet([Fernet(task["key"])]),
        token_id=task["token_id"],
    )
    url = task["url"]
    endpoints = Endpoints(url, url, url)
    credentials = Credentials(task["client_id"], task["client_secret"])
    for _ in range(task["rounds"]):
        start.wait(LONGEST)
        try:
            answers.send(connect.valid_tokens(endpoints, credentials, store).access_token)
        except Exception as error:  # noqa: BLE001 - told to the parent, whatever it is
            answers.send(f"error: {error!r}")


def main(task: dict) -> None:
    context = multiprocessing.get_context("fork")
    start = context.Barrier(task["processes"] + 1)
    ends, children = [], []
    for _ in range(task["processes"]):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=refresher, args=(task, start, theirs), daemon=True)
        child.start()
        ends.append(ours)
        children.append(child)
    engine = engine_of(task["database_url"])
    rounds = []
    for _ in range(task["rounds"]):
        _expire(engine, task["token_id"])
        start.wait(LONGEST)
        rounds.append(sorted({_answer(end) for end in ends}))
    for child in children:
        child.join(LONGEST)
    errors = {one for given in rounds for one in given if one.startswith("error")}
    told = {
        "pids": len({child.pid for child in children}),
        "rounds": len(rounds),
        "tokens": len({token for given in rounds for token in given}),
        "disagreed": [given for given in rounds if len(given) != 1],
        "errors": sorted(errors),
    }
    sys.stdout.write(json.dumps(told) + "\n")


def _expire(engine: sa.Engine, token_id: int) -> None:
    past = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=5)
    with engine.begin() as connection:
        connection.execute(
            sa.update(XeroToken).where(XeroToken.id == token_id).values(expires_at=past)
        )


def _answer(end: Connection) -> str:
    return end.recv() if end.poll(LONGEST) else "error: no answer"


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
