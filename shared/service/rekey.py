"""`python -m services.<service>.rekey [check]`: all that is sealed under old keys, sealed anew; `check` only counts.

Safe at any time, beside the running service, and to begin again. Ends with 0 when the old keys may go.
"""

import asyncio
import sys
from collections.abc import Sequence

from shared.service.settings import ServiceSettings
from shared.storage.database import Database
from shared.storage.rekey import Progress, rekey, stale
from shared.storage.sealed import Kept
from shared.storage.secrets import Vault


def main(settings: ServiceSettings, kept: Sequence[Kept], arguments: Sequence[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments not in ([], ["check"]):
        print(__doc__)
        return 2
    return asyncio.run(_run(settings, kept, only_check=bool(arguments)))


async def _run(settings: ServiceSettings, kept: Sequence[Kept], *, only_check: bool) -> int:
    # Counting reads whole tables, which a request may not do for so long.
    database = Database(settings.database_url.get_secret_value(), pool_size=1, statement_timeout="300s")
    vault = Vault(settings.keys(), settings.service)
    try:
        if only_check:
            left = await stale(database, vault, kept)
            for table, count in left.items():
                print(f"{table}: {count} 行待更换密钥")
            return int(any(left.values()))
        done = await rekey(database, vault, kept, _tell)
        return int(any(progress.left for progress in done))
    finally:
        await database.close()


def _tell(progress: Progress) -> None:
    damaged = f"，其中 {progress.damaged} 行无法解开" if progress.damaged else ""
    print(f"{progress.table}: 已更换 {progress.renewed} 行，剩余 {progress.left} 行{damaged}", flush=True)
