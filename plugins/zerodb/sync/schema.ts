/**
 * The local tables of sync. `sync_registers` and `sync_messages` hold the newest known state of each field and message, its stamp, and the
 * stamp that the server has (`sent`; null if none). Keys are escaped as in JSON, so that they are well-formed text without control characters.
 * `sync_touched` lists the rows that changed since they were last compared with that state: a session (s), a session with all of its
 * messages (a), a message (m), a removed session (d), a removed message (x), or a session that became local-only or no longer is (l). A
 * local-only session is not listed otherwise.
 */
const TABLES = `
create table sync_state (key text primary key, value any) strict, without rowid;
create table sync_registers (
  session text not null,
  key text not null,
  value text,
  stamp text not null,
  sent text,
  primary key (session, key)
) strict, without rowid;
create index sync_registers_unsent on sync_registers (session) where sent is not stamp;
create table sync_messages (
  session text not null,
  key text not null,
  message integer,
  place text not null,
  stamp text not null,
  hash text,
  sent text,
  primary key (session, key)
) strict, without rowid;
create index sync_messages_unsent on sync_messages (session) where sent is not stamp;
create unique index sync_messages_by_message on sync_messages (message) where message is not null;
create table sync_touched (kind text not null, pk integer not null, id text, primary key (kind, pk)) strict, without rowid;
create table sync_aside (kind text not null, session text not null, key text not null, row text not null, error text not null, primary key (kind, session, key)) strict, without rowid;
`

/**
 * The data that this program does not understand, and sends on unchanged: the bodies of messages (m) that a newer program wrote or that
 * have unknown fields, the version that a session needs (s), and unknown registers of a local-only session (r). Also
 * the registers of a session from before it became local-only (f), and the stamps of a purge or withdrawal that the server of an earlier
 * account has (e). `hash` is the hash of the message that this program made of the body, or
 * null if it made none.
 */
const RAW_TABLE = `
create table sync_raw (
  kind text not null,
  session text not null,
  key text not null,
  needs integer not null,
  body text,
  hash text,
  primary key (kind, session, key)
) strict, without rowid;
`

/** Values and bodies that lost against a concurrent write. `lost` and `won` are a register value or a body; `stamp` belongs to `lost`. */
const CONFLICTS_TABLE = `
create table sync_conflicts (
  n integer primary key autoincrement,
  session text not null,
  kind text not null,
  key text not null,
  lost text,
  won text,
  stamp text not null,
  found_at integer not null
) strict;
create unique index sync_conflicts_by_key on sync_conflicts (session, kind, key, stamp);
`

/** The migrations of this plugin, in the order to apply. */
export const MIGRATIONS = [
  { name: 'zerodb-0001-sync', up: TABLES },
  { name: 'zerodb-0002-raw', up: RAW_TABLE },
  { name: 'zerodb-0003-conflicts', up: CONFLICTS_TABLE },
]

const FIELDS =
  'id, title, status, provider, model, tags, metadata, origin, extra, parent_id, forked_message_id, created_at, updated_at, deleted_at'

const touch = (kind: string, row: string, id = 'null') => `insert or ignore into sync_touched values ('${kind}', ${row}.pk, ${id});`

/** Triggers that list changed rows in `sync_touched`. They are temporary: a database without sync has none. */
export const TRIGGERS = `
create temp trigger if not exists sync_session_added after insert on main.sessions when new.staged is null and new.local_only is null begin
  ${touch('s', 'new')}
end;
create temp trigger if not exists sync_session_changed after update of ${FIELDS} on main.sessions
when new.staged is null and new.local_only is null begin
  ${touch('s', 'new')}
end;
create temp trigger if not exists sync_session_published after update of staged on main.sessions
when old.staged is not null and new.staged is null and new.local_only is null begin
  ${touch('a', 'new')}
end;
create temp trigger if not exists sync_session_kept after update of local_only on main.sessions
when new.staged is null and old.local_only is not new.local_only begin
  ${touch('l', 'new', 'new.id')}
end;
create temp trigger if not exists sync_session_removed after delete on main.sessions when old.staged is null and old.local_only is null begin
  ${touch('d', 'old', 'old.id')}
end;
create temp trigger if not exists sync_copy_removed after delete on main.sessions when old.staged is null and old.local_only = 1 begin
  ${touch('l', 'old', 'old.id')}
end;
create temp trigger if not exists sync_message_added after insert on main.messages
when exists (select 1 from sessions where pk = new.session and staged is null and local_only is null) begin
  ${touch('m', 'new')}
end;
create temp trigger if not exists sync_message_changed after update on main.messages
when (old.seq is new.seq or old.session is not new.session) and not exists (select 1 from sessions where pk = new.session and local_only = 1) begin
  ${touch('m', 'new')}
end;
create temp trigger if not exists sync_message_removed after delete on main.messages begin
  ${touch('x', 'old')}
end;
`

/** SQL that removes the triggers. */
export const DROP_TRIGGERS = [...TRIGGERS.matchAll(/^create temp trigger if not exists (\w+)/gm)]
  .map(([, name]) => `drop trigger if exists temp.${name};`)
  .join('\n')

/** Lists every session, so that the next sync compares all of them. */
export const TOUCH_ALL = "insert or ignore into sync_touched select 'a', pk, null from sessions where staged is null and local_only is null"
