import type { Stage } from './stage.ts'

/** An attack in SQL: statements that run one after the other on one connection, also after one of them failed. */
export interface SqlAttack {
  name: string
  statements(stage: Stage): string[]
}

const TABLES = ['feed', 'session', 'message', 'share', 'share_key']
const everything = TABLES.map((table) => `select * from zerodb.${table}`)
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`
const name = (text: string) => `"${text.replaceAll('"', '""')}"`

/** Attacks that try to read rows of the victim. */
const READS: SqlAttack[] = [
  { name: 'read every table', statements: () => everything },
  {
    name: 'read through the functions for shares',
    statements: ({ share }) => [
      'select * from zerodb.team_shares()',
      `select * from zerodb.shared_sessions('')`,
      `select * from zerodb.shared_sessions(${literal(share)})`,
      `select * from zerodb.shared_messages(${literal(share)}, 0, '', 9, 9)`,
      `select zerodb.share_key(${literal(share)})`,
    ],
  },
  {
    name: 'read with the name of the owner',
    statements: ({ victim }) => TABLES.slice(0, 4).map((table) => `select * from zerodb.${table} where owner = ${literal(victim.user)}`),
  },
  { name: 'turn row-level security off', statements: () => ['set row_security = off', ...everything] },
  {
    name: 'take another role',
    statements: ({ victim, team, admin }) =>
      [victim.user, team, admin.user, 'zerodb_user', 'zerodb_owner', 'zerodb_definer', 'zerodb_team', 'pg_read_all_data'].flatMap(
        (role) => [`set role ${name(role)}`, ...everything, `set session authorization ${name(role)}`, ...everything],
      ),
  },
  {
    name: 'grant a role to oneself',
    statements: ({ victim, attacker, team }) => [
      ...[victim.user, team, 'zerodb_owner', 'zerodb_definer', 'pg_read_all_data'].map(
        (role) => `grant ${name(role)} to ${name(attacker.user)}`,
      ),
      `alter role ${name(attacker.user)} bypassrls`,
      `alter role ${name(attacker.user)} superuser`,
      `alter role ${name(victim.user)} password 'x'`,
      ...everything,
    ],
  },
  {
    name: 'shadow names with a search path and temporary objects',
    statements: ({ victim, team }) => [
      `create temp table share as select 'x' as id, ${literal(victim.user)} as owner, id as session, ${literal(team)} as team,
        null::timestamptz as expires_at from (values ('x')) v(id)`,
      `create function pg_temp.me() returns text language sql as ${literal(`select ${literal(victim.user)}::pg_catalog.text`)}`,
      `create function pg_temp.in_team(text, text) returns boolean language sql as 'select true'`,
      `create function pg_temp.pg_has_role(name, oid, text) returns boolean language sql as 'select true'`,
      `create function pg_temp.alike(text, text) returns boolean language sql as 'select true'`,
      `create operator pg_temp.= (leftarg = text, rightarg = text, function = pg_temp.alike)`,
      `create domain pg_temp.text as pg_catalog.varchar default ${literal(victim.user)}`,
      `set search_path = pg_temp, zerodb, pg_catalog`,
      ...everything,
      ...TABLES.map((table) => `select * from ${table}`),
      `select zerodb.me()`,
    ],
  },
  {
    name: 'run a cheap function before the policy',
    statements: () => [
      'create temp table loot (row_text text)',
      `create function pg_temp.peek(row_text text) returns boolean language plpgsql cost 0.0000001
        as 'begin insert into pg_temp.loot values (row_text); return true; end'`,
      `create function pg_temp.shout(row_text text) returns boolean language plpgsql cost 0.0000001
        as 'begin raise exception ''%'', row_text; end'`,
      `create function pg_temp.sure(row_text text) returns boolean language plpgsql leakproof as 'begin return true; end'`,
      ...TABLES.flatMap((table) => ['peek', 'shout'].map((call) => `select 1 from zerodb.${table} t where pg_temp.${call}(t::text)`)),
      'select * from pg_temp.loot',
    ],
  },
  {
    name: 'read values in error messages',
    statements: () => [
      'select 1 from zerodb.message where body::int > 0',
      'select 1 from zerodb.session where (registers ->> 0)::int > 0 or id::int > 0',
      'select 1 from zerodb.feed where 1 / (length(key_check) - length(key_check)) > 0',
      'select 1 from zerodb.share where team::regrole is not null and session::int = 1',
    ],
  },
  {
    name: "read through views and functions of one's own",
    statements: () => [
      'create temp view window_of as select * from zerodb.message',
      'select * from pg_temp.window_of',
      `create function pg_temp.dump() returns setof zerodb.message language sql security definer as 'select * from zerodb.message'`,
      'select * from pg_temp.dump()',
      'select query_to_xml($$select * from zerodb.message$$, true, true, $$$$)',
      'declare c cursor with hold for select * from zerodb.session',
      'fetch all from c',
      'copy zerodb.message to stdout',
      'create temp table copy_of as table zerodb.message',
      'table pg_temp.copy_of',
    ],
  },
  {
    name: 'read the statistics of the planner',
    statements: () => [
      `select * from pg_stats where schemaname = 'zerodb'`,
      `select * from pg_statistic where starelid = 'zerodb.message'::regclass`,
      `select * from pg_stats_ext where schemaname = 'zerodb'`,
      `select * from pg_stats_ext_exprs where schemaname = 'zerodb'`,
      `select query from pg_stat_activity`,
      `select pg_read_file('PG_VERSION')`,
      `select * from pg_stat_statements`,
    ],
  },
  {
    name: "use the settings of an admin's work",
    statements: ({ victim }) => [`select set_config('zerodb.removed', ${literal(victim.user)}, false)`, ...everything],
  },
]

/** Attacks that try to change rows of the victim, or what protects them. */
const WRITES: SqlAttack[] = [
  {
    name: 'write rows of another owner',
    statements: ({ victim, secret }) => {
      const owner = literal(victim.user)
      const id = literal(secret)
      return [
        `insert into zerodb.session values (${owner}, 'new', 99, '{}')`,
        `insert into zerodb.message values (${owner}, ${id}, 'new', 99, 'p', 's', 'b')`,
        `insert into zerodb.session values (${owner}, ${id}, 1, '{}') on conflict (owner, id) do update set registers = '{}'`,
        `insert into zerodb.feed values (${owner}) on conflict (owner) do update set rev = 0`,
        ...TABLES.slice(0, 3).map((table) => `update zerodb.${table} set rev = rev + 1 where owner = ${owner}`),
        `update zerodb.share set expires_at = now() where owner = ${owner}`,
        ...TABLES.map((table) => `delete from zerodb.${table}`),
        ...TABLES.map((table) => `truncate zerodb.${table} cascade`),
        `merge into zerodb.feed f using (values (${owner})) v(owner) on f.owner = v.owner
          when matched then update set rev = 0 when not matched then insert (owner) values (v.owner)`,
      ]
    },
  },
  {
    name: "replay another's revision under the name of its owner",
    statements: ({ attacker, victim }) => [
      `insert into zerodb.feed (owner, rev) values (${literal(attacker.user)}, 1)`,
      `insert into zerodb.session values (${literal(attacker.user)}, 'mine', 1, '{}')`,
      `insert into zerodb.message values (${literal(attacker.user)}, 'mine', 'm', 2, 'p', 's', 'b')`,
      ...['feed', 'session', 'message'].map(
        (table) => `update zerodb.${table} set owner = ${literal(victim.user)} where owner = ${literal(attacker.user)}`,
      ),
    ],
  },
  {
    name: "share another's session, or with a team of others",
    statements: ({ attacker, victim, team, ownTeam, secret }) => [
      `insert into zerodb.share (owner, session, team) values (${literal(victim.user)}, ${literal(secret)}, ${literal(ownTeam)})`,
      `insert into zerodb.share (owner, session, team) values (${literal(attacker.user)}, ${literal(secret)}, ${literal(ownTeam)})`,
      `insert into zerodb.session values (${literal(attacker.user)}, ${literal(secret)}, 1, '{}')`,
      `insert into zerodb.share (owner, session, team) values (${literal(attacker.user)}, ${literal(secret)}, ${literal(team)})`,
      `insert into zerodb.share (owner, session, team) values (${literal(attacker.user)}, ${literal(secret)}, 'zerodb_user')`,
      `insert into zerodb.share (owner, session, team) values (${literal(attacker.user)}, ${literal(secret)}, ${literal(ownTeam)})`,
      'select body from zerodb.message',
      `update zerodb.share set team = ${literal(team)}`,
      `update zerodb.share set owner = ${literal(victim.user)}`,
      `insert into zerodb.share (id, owner, session, team) values ('x', ${literal(attacker.user)}, ${literal(secret)}, ${literal(ownTeam)})`,
    ],
  },
  {
    name: 'change what protects the tables',
    statements: () => [
      ...TABLES.flatMap((table) => [
        `alter table zerodb.${table} disable row level security`,
        `alter table zerodb.${table} no force row level security`,
        `create policy mine on zerodb.${table} using (true)`,
        `alter table zerodb.${table} owner to current_user`,
        `grant select on zerodb.${table} to public`,
        `create rule peek as on insert to zerodb.${table} do also notify peek`,
      ]),
      'drop policy own on zerodb.message',
      `create or replace function zerodb.me() returns text language sql as 'select $$x$$'`,
      `create or replace function zerodb.may_read(owner text, session text) returns boolean language sql as 'select true'`,
      `create function zerodb.mine() returns int language sql as 'select 1'`,
      `create table zerodb.mine (a int)`,
      'alter schema zerodb owner to current_user',
      'drop schema zerodb cascade',
      'update zerodb.meta set version = 0',
      'delete from zerodb.meta',
      ...everything,
    ],
  },
]

/** All attacks in SQL. */
export const SQL_ATTACKS: readonly SqlAttack[] = [...READS, ...WRITES]
