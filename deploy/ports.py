"""Ports of 127.0.0.1 for what is about to start."""

import os
import random
import socket

from deploy.children import StartError

FREE = range(20_000, 32_768)
"""Below what a kernel lends to outgoing connections (Linux from 32768, macOS from 49152): one of those would now and
then take a free port again before the server that is to have it has started."""


def free_port() -> int:
    """One that nobody listens on now."""
    while _refusal(port := random.choice(FREE)):  # noqa: S311 - any will do
        pass
    return port


def chosen_port(variable: str, default: int) -> int:
    """The one a variable names, if it is free; 0 asks for any. Raises StartError."""
    text = os.environ.get(variable) or str(default)
    if not text.isdecimal() or int(text) > 65535:
        raise StartError(f"{variable} 不是端口号 / is not a port number")
    port = int(text) or free_port()
    if error := _refusal(port):
        raise StartError(
            f"端口 {text} 不可用，可用 {variable} 另选 / port {text} cannot be used ({error.strerror}); "
            f"choose another with {variable}"
        )
    return port


def _refusal(port: int) -> OSError | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error
    return None
