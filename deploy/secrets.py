"""Random secrets for one installation. `python -m deploy.secrets` prints a whole set as a `.env` file."""

import base64
import json
import os
import secrets
from pathlib import Path

from joserfc.jwk import OKPKey

from deploy.children import StartError
from deploy.parts import PARTS, SERVICES

ROLES = ("OWNER", "APP", "RELAY")


def fresh() -> dict[str, str]:
    """A new value for every secret setting, by the name it has in `.env.example`."""
    signing_key = OKPKey.generate_key("Ed25519", private=True).as_dict(private=True)
    passwords = {f"{part.prefix}{role}_PASSWORD": secrets.token_hex(24) for part in PARTS for role in ROLES}
    data_keys = {f"{part.prefix}DATA_KEY": _data_key() for part in PARTS}
    clients = {f"{service.prefix}CLIENT_SECRET": secrets.token_urlsafe(32) for service in SERVICES}
    return {
        "ANJU_POSTGRES_PASSWORD": secrets.token_hex(24),
        **passwords,
        **data_keys,
        **clients,
        "ANJU_GATEWAY_SIGNING_KEY": json.dumps(signing_key, separators=(",", ":")),
        "ANJU_GATEWAY_BOOTSTRAP_PASSWORD": secrets.token_urlsafe(24),
    }


def _data_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def kept_in(file: Path) -> dict[str, str]:
    """The secrets of a data folder: read from `file`, or made and written there (0600). Raises StartError.

    A secret that a newer version needs is added; those that are there never change.
    """
    try:
        known = json.loads(file.read_text()) if file.exists() else {}
    except (OSError, ValueError):
        raise StartError(f"{file} 读不出 / the secrets file cannot be read") from None
    every = fresh() | known
    if every != known:
        whole = file.with_suffix(".new")
        whole.touch(mode=0o600)
        whole.chmod(0o600)
        whole.write_text(json.dumps(every, indent=1))
        os.replace(whole, file)
    return every


if __name__ == "__main__":
    for name, value in fresh().items():
        print(f"{name}='{value}'")
