/**
 * The tables of the index. The index contains neither the texts nor the positions of words, so that its size is a fifth of the texts. A
 * phrase is therefore checked in the texts of the messages that contain its words. The rowid of a message is the message's `pk`; the rowid
 * of a title is the negative `pk` of the session.
 *
 * `search_state` contains the `pk` up to which messages and sessions are indexed. `search_stale` contains the old form of texts that
 * changed or were deleted since, but are still in the index.
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

/** SQL that limits the state to the last key of a table: SQLite may reuse the key of a deleted row. */
const lowerState = (table: string) =>
  `update search_state set ${table} = (select coalesce(max(pk), 0) from ${table}) where ${table} > (select coalesce(max(pk), 0) from ${table});`

/**
 * Triggers that record stale texts. They are temporary, so that a missing index does not break writes of other programs or older versions.
 */
export const TRIGGERS = `
create temp trigger if not exists search_message_changed after update of content, parts on main.messages
when old.pk <= (select messages from search_state) begin
  insert or ignore into search_stale values (old.pk, old.content, old.parts);
end;
create temp trigger if not exists search_message_removed after delete on main.messages
when old.pk <= (select messages from search_state) begin
  insert or ignore into search_stale values (old.pk, old.content, old.parts);
  ${lowerState('messages')}
end;
create temp trigger if not exists search_title_changed after update of title on main.sessions
when old.pk <= (select sessions from search_state) and new.title is not old.title begin
  insert or ignore into search_stale values (-old.pk, old.title, null);
end;
create temp trigger if not exists search_title_removed after delete on main.sessions
when old.pk <= (select sessions from search_state) begin
  insert or ignore into search_stale values (-old.pk, old.title, null);
  ${lowerState('sessions')}
end;
`

/** SQL that removes the triggers. */
export const DROP_TRIGGERS = ['message_changed', 'message_removed', 'title_changed', 'title_removed']
  .map((name) => `drop trigger if exists temp.search_${name};`)
  .join('\n')
