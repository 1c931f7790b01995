/**
 * The index has no copy of the texts, and no places of words: it takes a fifth of their size, and phrases are looked up in the texts that
 * it leads to. The row of a message has the message's `pk`, that of a title the session's with a minus.
 *
 * `search_state` says up to which `pk` messages and sessions are indexed; `search_stale` holds what the index still has of texts that
 * were changed or removed since.
 */
export const TABLES = `
create virtual table search_index using fts5(text, content='', detail=none, tokenize='ascii');
insert into search_index(search_index, rank) values ('secure-delete', 1);
create table search_state (
  one integer primary key check (one = 1),
  version text not null,
  messages integer not null,
  sessions integer not null
) strict;
insert into search_state values (1, '', 0, 0);
create table search_stale (pk integer primary key, content any not null, parts text) strict;
`

/** A row of a table may get the key of a removed one, so the state never names a key above the last. */
const lower = (table: string) =>
  `update search_state set ${table} = (select coalesce(max(pk), 0) from ${table}) where ${table} > (select coalesce(max(pk), 0) from ${table});`

/** Temporary, so that a lost index hinders no other program nor an older one. */
export const TRIGGERS = `
create temp trigger if not exists search_message_changed after update of content, parts on main.messages
when old.pk <= (select messages from search_state) begin
  insert or ignore into search_stale values (old.pk, old.content, old.parts);
end;
create temp trigger if not exists search_message_removed after delete on main.messages
when old.pk <= (select messages from search_state) begin
  insert or ignore into search_stale values (old.pk, old.content, old.parts);
  ${lower('messages')}
end;
create temp trigger if not exists search_title_changed after update of title on main.sessions
when old.pk <= (select sessions from search_state) and new.title is not old.title begin
  insert or ignore into search_stale values (-old.pk, old.title, null);
end;
create temp trigger if not exists search_title_removed after delete on main.sessions
when old.pk <= (select sessions from search_state) begin
  insert or ignore into search_stale values (-old.pk, old.title, null);
  ${lower('sessions')}
end;
`

export const NO_TRIGGERS = ['message_changed', 'message_removed', 'title_changed', 'title_removed']
  .map((name) => `drop trigger if exists temp.search_${name};`)
  .join('\n')
