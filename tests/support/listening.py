"""An ASGI app or a scripted peer on a real socket of 127.0.0.1, inside the test's own event loop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.server import ServerState

from shared.chassis.server import BoundedProtocol

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(app: ASGIApp, protocol: type[BoundedProtocol] = BoundedProtocol) -> AsyncIterator[int]:
    """Serve `app` as `shared.chassis.server.serve` does; yields the port."""
    config = Config(app, http=protocol, ws="none", lifespan="off", log_config=None, proxy_headers=False)
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: protocol(config, state, {}), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        while state.tasks:
            await asyncio.wait(state.tasks)


@asynccontextmanager
async def peer(script: Peer) -> AsyncIterator[int]:
    """A server that does what `script` does on each connection; yields the port."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def raw(port: int, data: bytes, *, end: bool = False) -> bytes:
    """Send bytes as they are; everything the server answers until it closes the connection or pauses for 0.3 s."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        await writer.drain()
        if end:
            writer.write_eof()
        answered = b""
        while True:
            try:
                chunk = await asyncio.wait_for(reader.read(65536), 0.3)
            except TimeoutError:
                return answered
            except ConnectionError:
                return answered
            if not chunk:
                return answered
            answered += chunk
    finally:
        writer.close()
