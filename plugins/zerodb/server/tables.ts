/** The SQL of each version's tables, in order. A released entry never changes. */
export const MIGRATIONS: readonly { version: number; sql: string }[] = [
  {
    version: 1,
    sql: `
create table zerodb.meta (
  version int not null,
  min_client int not null
);
create table zerodb.feed (
  owner text collate "C" primary key,
  rev bigint not null default 0,
  digest bit(128) not null default B'0'::bit(128),
  key_check text collate "C"
);
create table zerodb.session (
  owner text collate "C" not null,
  id text collate "C" not null,
  rev bigint not null,
  registers jsonb not null,
  needs int not null default 1,
  primary key (owner, id),
  unique (owner, rev)
);
create table zerodb.message (
  owner text collate "C" not null,
  session text collate "C" not null,
  id text collate "C" not null,
  rev bigint not null,
  place text collate "C" not null,
  stamp text collate "C" not null,
  body text collate "C",
  needs int not null default 1,
  primary key (owner, session, id),
  unique (owner, rev)
);
create table zerodb.share (
  id text collate "C" primary key default 'shared-' || replace(gen_random_uuid()::text, '-', ''),
  owner text collate "C" not null,
  session text collate "C" not null,
  team text collate "C" not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  unique (owner, session, team)
);
create index share_team on zerodb.share (team);
create table zerodb.share_key (
  share text collate "C" not null references zerodb.share on delete cascade,
  member text collate "C" not null,
  sealed text collate "C" not null,
  primary key (share, member)
);
create table zerodb.person (
  name text collate "C" primary key,
  public_key text collate "C" not null
);`,
  },
]

/**
 * Collects no statistics of any column: the planner would use them for the rows of other users, and EXPLAIN would show estimates of how
 * many there are.
 */
export const NO_STATISTICS = `
do $do$
declare col record;
begin
  for col in
    select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'zerodb'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
  loop
    execute format('alter table zerodb.%I alter column %I set statistics 0', col.relname, col.attname);
  end loop;
end $do$;`
