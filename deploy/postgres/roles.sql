-- One service's roles and database. Run by psql as superuser, any number of times:
--   psql -v database=anju_projects -f roles.sql
-- with OWNER_PASSWORD, APP_PASSWORD and RELAY_PASSWORD in the environment. Three roles per database:
--   <database>_owner  owns the tables and migrates them
--   <database>        the service: sees rows only through row security
--   <database>_relay  outbox relay and audit verifier; what it may read is granted by the migrations

\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
\getenv relay_password RELAY_PASSWORD
\set owner :database _owner
\set relay :database _relay

select format('create role %I', name)
from unnest(array[:'owner', :'database', :'relay']) as name
where not exists (select from pg_roles where rolname = name)
\gexec

alter role :"owner" with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'owner_password';
alter role :"database" with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'app_password';
alter role :"relay" with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'relay_password';

-- A generic plan cannot use the range in a row security policy: it is only known when the scope is.
alter role :"database" set plan_cache_mode = force_custom_plan;
alter role :"relay" set plan_cache_mode = force_custom_plan;
-- The planner takes `division_code = …` and the policy's range for independent and expects far too few rows; as if on
-- a spinning disk it would then read a county and sort it, where the index already has the order.
alter role :"database" set random_page_cost = 1.1;

select format('create database %I owner %I', :'database', :'owner')
where not exists (select from pg_database where datname = :'database')
\gexec

revoke all on database :"database" from public;
grant connect on database :"database" to :"database", :"relay";
-- Bulk writes go through a temporary table, since COPY refuses tables with row security.
grant temporary on database :"database" to :"database";
