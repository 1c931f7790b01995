import type { Migration } from './hooks.ts'

/** The `application_id` that identifies a database of this program: "aina" in ASCII. */
export const APPLICATION_ID = 0x61696e61

const first = `
create table sessions (
  pk integer primary key,
  id text not null,
  title any not null,
  title_key text not null,
  status text not null check (status in ('active', 'paused', 'archived')),
  provider any,
  model any,
  project any,
  tags text not null,
  metadata text not null,
  origin text,
  extra text,
  parent_id text,
  forked_message_id text,
  message_count integer not null default 0,
  created_at integer not null,
  updated_at integer not null,
  activated_at integer,
  deleted_at integer,
  staged integer
) strict;
create unique index sessions_by_id on sessions (id) where staged is null;
create index sessions_by_date on sessions (created_at, pk, status) where staged is null and deleted_at is null;
create index sessions_by_title on sessions (title_key, pk, status) where staged is null and deleted_at is null;
create index sessions_by_messages on sessions (message_count, pk, status) where staged is null and deleted_at is null;
create index sessions_by_update on sessions (updated_at, pk, status) where staged is null and deleted_at is null;
create index sessions_by_activation on sessions (activated_at) where activated_at is not null;
create index sessions_by_provider on sessions (provider, created_at, pk, status) where staged is null and deleted_at is null;
create index sessions_by_model on sessions (model, created_at, pk, status) where staged is null and deleted_at is null;
create index sessions_by_project on sessions (project, created_at, pk, status) where staged is null and deleted_at is null;
create index sessions_by_status on sessions (status, created_at, pk) where staged is null and deleted_at is null;
create index sessions_in_trash on sessions (created_at, pk, deleted_at) where deleted_at is not null;
create index sessions_staged on sessions (staged) where staged is not null;

create table session_tags (
  tag any not null,
  created_at integer not null,
  session integer not null references sessions (pk) on delete cascade,
  primary key (tag, created_at, session)
) strict, without rowid;
create index session_tags_by_session on session_tags (session);

create table messages (
  pk integer primary key,
  session integer not null references sessions (pk) on delete cascade,
  seq integer not null,
  id any not null,
  role text not null check (role in ('system', 'user', 'assistant', 'tool')),
  content any not null,
  parts text,
  provider any,
  model any,
  input_tokens integer,
  output_tokens integer,
  cached_tokens integer,
  reasoning_tokens integer,
  latency_ms real,
  finish_reason any,
  state text not null check (state in ('complete', 'partial', 'error')),
  created_at integer not null,
  extra text
) strict;
create unique index messages_by_session on messages (session, seq);

create table imports (
  pk integer primary key autoincrement,
  pid integer not null,
  host text not null,
  beat_at integer not null
) strict;
`

/** Adds the tables for partial replies: the pieces of text, and the heartbeat of the process that writes them. */
const replies = `
alter table messages add column first_token_ms real;
create table replies (
  message integer primary key references messages (pk) on delete cascade,
  pid integer not null,
  host text not null,
  beat_at integer not null
) strict;
create table chunks (
  message integer not null references messages (pk) on delete cascade,
  n integer not null,
  kind text not null check (kind in ('text', 'reasoning')),
  text any not null,
  primary key (message, n)
) strict, without rowid;
`

/** Adds further token counts and the cost of a message, as JSON. */
const usage = `
alter table messages add column cache_write_tokens integer;
alter table messages add column cache_write_1h_tokens integer;
alter table messages add column web_searches integer;
alter table messages add column cost text;
`

/** Adds an index with all columns that statistics need, so that statistics do not read the pages with message contents. */
const totals = `
create index messages_for_totals on messages (
  session, seq, role, created_at, provider, model, input_tokens, output_tokens, cached_tokens, reasoning_tokens, latency_ms, finish_reason,
  cache_write_tokens, cache_write_1h_tokens, web_searches, cost
);
`

/** Copies `pinned` from the metadata to an indexed column. */
const pinned = `
alter table sessions add column pinned integer;
update sessions set pinned = 1 where json_valid(metadata) and json_type(metadata, '$.pinned') = 'true';
create index sessions_pinned on sessions (pinned, created_at, pk) where pinned is not null;
`

/** Copies `sync: 'local-only'` from the metadata to an indexed column. */
const localOnly = `
alter table sessions add column local_only integer;
update sessions set local_only = 1 where json_valid(metadata) and json_extract(metadata, '$.sync') = 'local-only';
create index sessions_local_only on sessions (id) where local_only is not null;
`

/** The migrations of this plugin, in the order to apply. */
export const MIGRATIONS: Migration[] = [
  { name: 'sqlite-0001-sessions', up: first },
  { name: 'sqlite-0002-replies', up: replies },
  { name: 'sqlite-0003-usage', up: usage },
  { name: 'sqlite-0004-hidden', up: 'alter table messages add column hidden integer' },
  { name: 'sqlite-0004-pinned', up: pinned },
  { name: 'sqlite-0005-stats', up: totals },
  { name: 'sqlite-0006-local-only', up: localOnly },
]
