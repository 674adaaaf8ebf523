"""A million petitions in 50 counties, written by PostgreSQL itself; those of the measured county have real persons.

They come in the order of their registration, so that the rows of one county lie among those of all the others.
"""

import datetime as dt
from collections.abc import Sequence

import asyncpg

from services.petitions.registry import people
from services.petitions.registry.models import BY_NAME
from services.petitions.registry.people import NewPerson
from shared.storage.secrets import Vault
from tests.bench.rows import COUNTIES
from tests.bench.stack import COUNTY

MANY, FEW = 1_000_000, 10_000
PERSONS = 2_500
"""Different persons of the measured county: each has brought four petitions."""
TABLES = ("petition", "petitioner", "petition_act", "petition_clock", "petition_rating")
OTHERS = tuple(code for code in COUNTIES if code != COUNTY)

MADE = """
create temp table made as
select n, uuidv7() as id, division, registered_on, accepted_on, opinion_on, registered_on::timestamptz as at,
    case when opinion_on is not null then 'opinion_issued' when accepted_on is not null then 'accepted'
        else 'forwarded' end as state,
    case when opinion_on is not null then null when accepted_on is not null then accepted_on + 60
        else registered_on + 15 end as due_on
from (
    select *, case when n % 7 > 0 and accepted_on + 20 + n % 55 <= current_date
        then accepted_on + 20 + n % 55 end as opinion_on
    from (
        select *, case when n / 100 % 10 < 9 and registered_on + 2 + n % 17 <= current_date
            then registered_on + 2 + n % 17 end as accepted_on
        from (
            select n, case when n % $STEP = 0 then '$COUNTY' else ('{$OTHERS}'::text[])[n % $SIZE + 1] end as division,
                current_date - (($MANY - 1 - n)::bigint * 730 / $MANY)::int as registered_on
            from generate_series(0, $MANY - 1, $EVERY) n
        ) numbered
    ) accepted
) answered;
create index on made (n);
analyze made;
"""
PETITION = """
insert into petition (division_code, id, petition_code, register_code, channel, visit_level, petition_class,
    legal_route, petitioned_on, registered_on, people_count, summary, demand, project_id, project_name, township,
    state, state_since, acts, last_on, sender_unit_code, sender_unit_name, body_unit_code, body_unit_name,
    accepted_on, opinion_on, standing, next_due_on, next_internal_due_on, rule_repeat_of, version, created_by,
    created_at, updated_at)
select m.division, m.id, m.division || '-X-' || m.n, 'XF' || m.n,
    (array['letter', 'visit', 'online', 'phone', 'hotline'])[m.n / 100 % 5 + 1],
    (array['county', 'county', 'county', 'city', 'province', 'beijing'])[m.n / 100 % 6 + 1],
    case when m.accepted_on is not null then 'appeal_claim' end, case when m.accepted_on is not null then 6 end,
    m.registered_on, m.registered_on, 1 + m.n / 100 % 9, '反映楼盘逾期未交房，要求明确复工和交付时间',
    (array['delivery', 'refund', 'title', 'quality', 'wages', 'other'])[m.n / 100 % 6 + 1],
    md5('project ' || m.division || m.n / 100 % 24)::uuid, '示范楼盘 ' || m.n / 100 % 24, '城关镇', m.state,
    coalesce(m.opinion_on, m.accepted_on, m.registered_on),
    2 + (m.accepted_on is not null)::int + (m.opinion_on is not null)::int,
    coalesce(m.opinion_on, m.accepted_on, m.registered_on), 'XFJ', '信访局', unit, unit || ' 局', m.accepted_on,
    m.opinion_on, jsonb_build_object('is_direct', false, 'cannot_be_told', false, 'is_received', true, 'objection', '',
        'is_simple', false, 'extension_days', null, 'extension_by', null, 'is_extended', false, 'opinion_by',
        case when m.opinion_on is not null then unit end, 'review_by', null, 'review_level', null,
        'hearing_since', null, 'hearing_until', null, 'stood_aside', '[]'::jsonb),
    m.due_on, m.due_on, earlier.id, 4, 'user:bench', m.at, m.at
from made m
cross join lateral (select 'DW' || m.n / 100 % 8 as unit) to_unit
left join made earlier on m.n % 97 = 0 and earlier.n = m.n - 4900
order by m.n
"""
ACTS = """
insert into petition_act (division_code, petition_id, number, kind, acted_on, actor, actor_name, unit_code,
    to_unit_code, facts, recorded_at)
select division, id, number, kind, acted_on, 'user:clerk', '经办人', 'XFJ', case when number = 2 then 'DW1' end,
    '{}', at
from made
cross join lateral (values (1, 'register', registered_on), (2, 'forward', registered_on), (3, 'accept', accepted_on),
    (4, 'issue_opinion', opinion_on)) act (number, kind, acted_on)
where acted_on is not null
order by n
"""
CLOCKS = """
insert into petition_clock (division_code, petition_id, number, kind, rule_version, started_by, starts_on, days,
    day_type, extended_days, suspended_days, state, ended_by, met_on, internal_due_on, due_on, is_provisional,
    unit_code, recorded_at, ended_at)
select division, id, number, kind, '2022-05-01', number, starts_on, days, day_type, 0, 0,
    case when ended_on is null then 'running' when kind = 'objection' then 'void' else 'met' end,
    case when ended_on is not null then 4 end, case when kind <> 'objection' then ended_on end,
    starts_on + days, starts_on + days, false, 'DW1', at, case when ended_on is not null then at end
from made
cross join lateral (values (1, 'route', registered_on, 15, 'calendar', registered_on),
    (2, 'notify', registered_on, 15, 'calendar', accepted_on),
    (3, 'acceptance', registered_on, 15, 'calendar', accepted_on),
    (4, 'objection', registered_on, 7, 'working', accepted_on),
    (5, 'handle', accepted_on, 60, 'calendar', opinion_on)) clock (number, kind, starts_on, days, day_type, ended_on)
where starts_on is not null
order by n
"""
RATINGS = """
insert into petition_rating (division_code, id, petition_id, window_ends_on, rated_on, body_rating,
    rated_body_code, version, created_by,
    created_at, updated_at)
select division, uuidv7(), id, opinion_on + 15, case when n / 100 % 5 > 0 then opinion_on end,
    case when n / 100 % 5 > 0 then (array['satisfied', 'basically_satisfied', 'dissatisfied'])[n % 3 + 1] end,
    'DW1', 1, 'user:bench', at, at
from made where opinion_on is not null
order by n
"""
PERSONS_ELSEWHERE = """
insert into petitioner (division_code, id, petition_id, role, ordinal, name_sealed, id_number_sealed, phone_sealed,
    name_index, id_number_index, phone_index, version, created_by, created_at, updated_at)
select division, uuidv7(), id, 'petitioner', 1, sealed, sealed || sealed, sealed, $1 || decode(md5('n' || n), 'hex'),
    $1 || decode(md5('i' || n), 'hex'), $1 || decode(md5('p' || n), 'hex'), 1, 'user:bench', at, at
from made cross join lateral (select '\\x0201'::bytea || sha256(n::text::bytea) as sealed) made_up
where division <> '{county}'
order by n
"""


def id_number(person: int) -> str:
    """18 characters with a made-up check digit: what is searched for is compared as a text."""
    return f"9999011990010{person:04d}0"


async def load(url: str, vault: Vault, *, is_large: bool) -> None:
    """The measured county's 10,000 petitions; with `is_large` also 990,000 of the other 49. `url` is a superuser's."""
    bare = await asyncpg.connect(url)
    try:
        await bare.execute("set session_replication_role = replica; set synchronous_commit = off")
        await bare.execute("set maintenance_work_mem = '512MB'; set work_mem = '256MB'; set timezone = 'Asia/Shanghai'")
        later = await _take_indexes(bare)
        step = MANY // FEW
        words = {"STEP": step, "COUNTY": COUNTY, "OTHERS": ",".join(OTHERS), "SIZE": len(OTHERS), "MANY": MANY}
        words["EVERY"] = 1 if is_large else step
        made = MADE
        for word, value in words.items():
            made = made.replace(f"${word}", str(value))
        for statement in (made, PETITION, ACTS, CLOCKS, RATINGS):
            await bare.execute(statement, timeout=3600)
        header = vault.blind(BY_NAME.purpose, BY_NAME.normalise).header
        await bare.execute(PERSONS_ELSEWHERE.replace("{county}", COUNTY), header, timeout=3600)
        await _persons(bare, vault)
        for statement in later:
            await bare.execute(statement, timeout=3600)
        await bare.execute(f"vacuum analyze {', '.join(TABLES)}", timeout=3600)
        await bare.execute("checkpoint", timeout=3600)
    finally:
        await bare.close()


async def _take_indexes(bare: asyncpg.Connection) -> Sequence[str]:
    """Indexes that are no constraints go before the load; how to make them again afterwards, which is faster."""
    found = await bare.fetch(
        "select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename = any($1) "
        "and indexname not in (select conname from pg_constraint)",
        list(TABLES),
    )
    for index in found:
        await bare.execute(f'drop index "{index["indexname"]}"')
    return [index["indexdef"] for index in found]


async def _persons(bare: asyncpg.Connection, vault: Vault) -> None:
    now = dt.datetime.now(dt.UTC)
    rows = []
    for place, petition in enumerate(await bare.fetch("select id from made where division = $1 order by n", COUNTY)):
        person = NewPerson(
            name="王建国", id_number=id_number(place % PERSONS), phone=f"138{place % PERSONS:08d}", address="城关镇东街"
        )
        rows += people.rows_of(vault, COUNTY, petition["id"], [person], "user:bench", now)
    records = [tuple(row.values()) for row in rows]
    await bare.copy_records_to_table("petitioner", columns=list(rows[0]), records=records)
