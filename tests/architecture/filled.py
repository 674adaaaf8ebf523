"""Migrated databases with a row of one county in every table that has a division."""

import asyncpg

HERE, THERE = "110101", "110102"


def one_row_each(division_code: str) -> str:
    """A row in every tenant table, whatever its columns; only a superuser gets past its keys and policies."""
    return f"""
    set session_replication_role = replica;
    do $$
    declare t record; names text; vals text;
    begin
        for t in select c.oid, c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'division_code'
        loop
            select string_agg(quote_ident(attname), ', '), string_agg(case
                when attname = 'division_code' then quote_literal('{division_code}')
                when word is not null then quote_literal(word)
                when format_type(atttypid, null) = 'uuid' then 'gen_random_uuid()'
                when format_type(atttypid, null) in ('smallint', 'integer', 'bigint', 'numeric') then '1'
                when format_type(atttypid, null) = 'boolean' then 'false'
                -- A row's days follow each other in the order of its columns, and no two of its texts are the same.
                when format_type(atttypid, null) = 'date' then format('current_date + %s', attnum)
                when format_type(atttypid, null) = 'text' then quote_literal('{division_code}-' || attnum)
                when format_type(atttypid, null) like 'timestamp%' then 'now()'
                when format_type(atttypid, null) = 'jsonb' then quote_literal('{{}}')
                when format_type(atttypid, null) like '%[]' then quote_literal('{{}}')
                else quote_literal('{division_code}') end, ', ')
            into names, vals
            from pg_attribute a left join lateral (
                -- the first word of a check such as `kind in ('a', 'b')`
                select (regexp_match(pg_get_constraintdef(oid), '''([^'']+)'''))[1] as word from pg_constraint
                where conrelid = t.oid and contype = 'c' and conkey = array[a.attnum] limit 1
            ) c on true where attrelid = t.oid and attnum > 0 and attnotnull and not attisdropped;
            execute format('insert into %I (%s) values (%s)', t.relname, names, vals);
        end loop;
    end $$;
    """


async def tables(connection: asyncpg.Connection) -> set[str]:
    rows = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
    return {row["tablename"] for row in rows}
