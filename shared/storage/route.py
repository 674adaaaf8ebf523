"""One request, one transaction: committed after the answer is built and before it leaves.

A plain `yield` dependency would answer 200 and only then fail to commit; here a failed commit is the answer. A read has
nothing that could fail to commit: its transaction ends while the answer leaves, and the reader does not wait for it.
"""

import asyncio
import logging
from contextlib import AsyncExitStack
from typing import Annotated

from fastapi import Depends
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from shared.chassis.identity import VISITOR
from shared.chassis.route import Handler
from shared.chassis.route import Route as ChassisRoute
from shared.storage import answers, idempotency, journal
from shared.storage.database import Database
from shared.storage.failures import as_problem

LOST = (SQLAlchemyError, OSError, TimeoutError)
"""What the driver says when the database does not do as it is asked, or is gone."""


class Route(ChassisRoute):
    """Operations that use the database. Nobody below this commits."""

    async def run(self, request: Request, handler: Handler) -> Response:
        try:
            return await self._in_transaction(request, handler)
        except LOST as error:
            problem = as_problem(error)
            if problem is None:
                raise
            logging.getLogger("anju.storage").warning("database refused", exc_info=error)
            raise problem from None

    async def _in_transaction(self, request: Request, handler: Handler) -> Response:
        database: Database = request.app.state.database
        service: str = request.app.state.settings.service
        async with AsyncExitStack() as open_here:
            session = await open_here.enter_async_context(database.session())
            request.scope["anju.session"] = session
            caller = request.scope.get("anju.caller")
            # Visitors are all one: the answer to one is not to be given to another.
            is_known = caller is not None and caller != VISITOR
            key = idempotency.key_of(request) if request.method == "POST" and is_known else None
            if key is None or caller is None:
                response = await handler(request)
            else:
                operation = request.scope["anju.operation"]
                digests = await idempotency.digests_of(request, operation)
                stored = await idempotency.begin(session, caller, key, digests)
                if stored is not None:
                    return stored
                response = await handler(request)
                if response.status_code < 300:
                    now = request.app.state.clock.now()
                    body = request.scope.get("anju.replay") or answers.kept(self.response_model, bytes(response.body))
                    await idempotency.keep(session, caller, key, operation, digests[0], response, body, now)
            if request.method == "GET" and not journal.holds(session):
                request.scope["anju.ending"] = asyncio.create_task(_end(session, open_here.pop_all()))
            else:
                await journal.commit(session, service)
            return response


async def _end(session: AsyncSession, closing: AsyncExitStack) -> None:
    try:
        async with closing:
            await session.commit()
    except LOST as error:
        logging.getLogger("anju.storage").warning("connection lost after a read", exc_info=error)


async def get_session(request: Request) -> AsyncSession:
    session: AsyncSession = request.scope["anju.session"]
    return session


CurrentSession = Annotated[AsyncSession, Depends(get_session)]
