"""What a server process imports."""

from gateway.app import create_app
from gateway.settings import load

app = create_app(load())
