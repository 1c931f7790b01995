/** The group roles of ZeroDB. None of them can log in. */
export const ROLES = {
  /** Owns the schema and its tables. */
  owner: 'zerodb_owner',
  /** Owns the functions of the schema, and can do nothing else. */
  definer: 'zerodb_definer',
  /** Every user is a member. */
  user: 'zerodb_user',
  /** Every team is a member, so that teams differ from other group roles. */
  team: 'zerodb_team',
} as const

/** Creates the roles that do not exist yet. */
export const CREATE_ROLES = `
do $do$
declare name text;
begin
  foreach name in array array['${Object.values(ROLES).join("', '")}'] loop
    if not exists (select from pg_roles where rolname = name) then execute format('create role %I nologin', name); end if;
  end loop;
end $do$;`

/**
 * The functions of the policies. Their bodies are parsed when they are created, so that neither a search path nor temporary objects change
 * their meaning. `session_user` is the role that logged in, which SET ROLE does not change.
 */
export const POLICY_FUNCTIONS = `
create or replace function zerodb.me() returns text
  language sql stable parallel safe
  return session_user::text;

create or replace function zerodb.teams_of(person text) returns setof text
  language sql stable
  begin atomic
    select r.rolname::text from pg_roles p, pg_roles r
      join pg_auth_members m on m.member = r.oid
      join pg_roles mark on mark.oid = m.roleid and mark.rolname = '${ROLES.team}'
    where p.rolname = person and not r.rolcanlogin and pg_has_role(p.oid, r.oid, 'usage');
  end;

create or replace function zerodb.in_team(person text, team text) returns boolean
  language sql stable
  return exists (select 1 from zerodb.teams_of(person) t where t = team);

create or replace function zerodb.is_open(share zerodb.share) returns boolean
  language sql stable
  return (share.expires_at is null or share.expires_at > clock_timestamp())
    and zerodb.in_team(zerodb.me(), share.team) and zerodb.in_team(share.owner, share.team);

create or replace function zerodb.may_read(owner text, session text) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp
  return exists (
    select 1 from zerodb.share s where s.owner = may_read.owner and s.session = may_read.session and zerodb.is_open(s));

create or replace function zerodb.team_shares() returns setof zerodb.share
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select s.* from zerodb.share s where s.team = any (array(select zerodb.teams_of(zerodb.me()))) and zerodb.is_open(s);
  end;

create or replace function zerodb.shared_sessions(prefix text) returns table (
    id text, owner text, team text, created_at timestamptz, expires_at timestamptz, registers jsonb, needs int, messages bigint,
    newest text, rev bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select s.id, s.owner, s.team, s.created_at, s.expires_at, d.registers, d.needs, c.messages, c.newest, c.rev
    from zerodb.team_shares() s join zerodb.session d on d.owner = s.owner and d.id = s.session
      cross join lateral (
        select count(m.body) as messages, max(m.stamp) as newest, max(m.rev) as rev
        from zerodb.message m where m.owner = s.owner and m.session = s.session) c
    where starts_with(s.id, prefix);
  end;

create or replace function zerodb.shared_messages(share text, since bigint, after text, page int, bytes bigint)
  returns table (id text, rev bigint, place text, stamp text, body text, needs int)
  language sql stable security definer set search_path = pg_catalog, pg_temp
    -- Without statistics the planner would sort the whole session for each page; the primary key gives the order.
    set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
  begin atomic
    select p.id, p.rev, p.place, p.stamp, p.body, p.needs from (
      select m.*, sum(coalesce(length(m.body), 0)) over (order by m.id rows between unbounded preceding and 1 preceding) as before
      from zerodb.team_shares() s join zerodb.message m on m.owner = s.owner and m.session = s.session
      where s.id = shared_messages.share and m.rev > shared_messages.since and m.id > shared_messages.after
      order by m.id limit shared_messages.page) p
    where coalesce(p.before, 0) < shared_messages.bytes order by p.id;
  end;

create or replace function zerodb.share_key(share text) returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select k.sealed from zerodb.share_key k join zerodb.share s on s.id = k.share
    where k.share = share_key.share and k.member = zerodb.me() and zerodb.is_open(s);
  end;

create or replace function zerodb.standing() returns jsonb
  language sql stable
  return (
    select jsonb_build_object(
      'version', m.version,
      'min_client', m.min_client,
      'power', case when r.rolsuper then 'superuser' when r.rolbypassrls then 'bypassrls'
        when pg_has_role(r.oid, '${ROLES.owner}', 'usage') then 'owner' end,
      'others', (
        select count(distinct u.member) from pg_auth_members u join pg_roles g on g.oid = u.roleid
        where g.rolname = '${ROLES.user}' and u.member <> r.oid))
    from zerodb.meta m, pg_roles r where r.rolname = session_user);`

/** SQL that is true for the rows of a removed role, while the setting zerodb.removed contains its name. */
const removed = (...columns: string[]) => `
  current_setting('zerodb.removed', true) in (${columns.join(', ')})
  and not exists (select 1 from pg_roles where rolname = current_setting('zerodb.removed', true))`

/**
 * The policies of each table. A row is visible or writable if one policy allows it. Users see only their own rows, and read shares through
 * functions: with a policy for shares, EXPLAIN ANALYZE would show how many rows of a named owner the policy removed.
 */
const POLICIES: Record<string, Record<string, string>> = {
  meta: {
    everyone: 'for select using (true)',
    migration: `for all to ${ROLES.owner} using (true)`,
  },
  feed: {
    own: 'for all using (owner = zerodb.me())',
    removal: `for all to ${ROLES.owner} using (${removed('owner')}) with check (false)`,
  },
  session: {
    own: 'for all using (owner = zerodb.me())',
    shared: `for select to ${ROLES.definer} using (zerodb.may_read(owner, id))`,
    removal: `for all to ${ROLES.owner} using (${removed('owner')}) with check (false)`,
  },
  message: {
    own: 'for all using (owner = zerodb.me())',
    // A subquery, because a function would run for each message.
    shared: `for select to ${ROLES.definer} using ((owner, session) in (select s.owner, s.session from zerodb.team_shares() s))`,
    removal: `for all to ${ROLES.owner} using (${removed('owner')}) with check (false)`,
  },
  share: {
    own: 'for select using (owner = zerodb.me())',
    // The subquery reads zerodb.session as the user.
    add: `for insert with check (owner = zerodb.me() and zerodb.in_team(zerodb.me(), team)
      and exists (select 1 from zerodb.session s where s.owner = zerodb.me() and s.id = share.session))`,
    change: 'for update using (owner = zerodb.me())',
    withdraw: 'for delete using (owner = zerodb.me())',
    definer: `for select to ${ROLES.definer} using (true)`,
    removal: `for all to ${ROLES.owner} using (${removed('owner', 'team')}) with check (false)`,
  },
  share_key: {
    own: 'for all using (exists (select 1 from zerodb.share s where s.id = share_key.share and s.owner = zerodb.me()))',
    definer: `for select to ${ROLES.definer} using (member = zerodb.me())`,
    removal: `for all to ${ROLES.owner} using (${removed('member')}) with check (false)`,
  },
  person: {
    everyone: 'for select using (true)',
    add: 'for insert with check (name = zerodb.me())',
    change: 'for update using (name = zerodb.me())',
    removal: `for all to ${ROLES.owner} using (${removed('name')}) with check (false)`,
  },
}

/** Enables and forces row-level security, and replaces all policies. */
export const CREATE_POLICIES = `
do $do$
declare each record;
begin
  for each in select polname, polrelid::regclass as tab from pg_policy p join pg_class c on c.oid = p.polrelid
    where c.relnamespace = 'zerodb'::regnamespace
  loop
    execute format('drop policy %I on %s', each.polname, each.tab);
  end loop;
end $do$;
${Object.entries(POLICIES)
  .map(([table, policies]) =>
    [
      `alter table zerodb.${table} enable row level security, force row level security;`,
      ...Object.entries(policies).map(([name, rule]) => `create policy ${name} on zerodb.${table} ${rule};`),
    ].join('\n'),
  )
  .join('\n')}`

/**
 * The privileges on tables. Columns that the server chooses cannot be inserted: the id of a share, and its time. A user has no privilege to
 * update or delete in a whole table, because `lock table` needs one, and would stop everyone else: the columns are named, and functions delete.
 */
export const GRANT_TABLES = `
revoke all on all tables in schema zerodb from public, ${ROLES.user}, ${ROLES.definer};
grant usage on schema zerodb to ${ROLES.user}, ${ROLES.definer};
grant select on zerodb.meta, zerodb.feed, zerodb.session, zerodb.message, zerodb.share, zerodb.share_key to ${ROLES.user}, ${ROLES.definer};
grant select on zerodb.person to ${ROLES.user};
grant insert (owner, rev, key_check), update (rev, digest, key_check) on zerodb.feed to ${ROLES.user};
grant insert (owner, id, rev, registers, needs), update (rev, registers, needs) on zerodb.session to ${ROLES.user};
grant insert (owner, session, id, rev, place, stamp, body, needs), update (rev, place, stamp, body, needs) on zerodb.message to ${ROLES.user};
grant insert (owner, session, team, expires_at), update (expires_at) on zerodb.share to ${ROLES.user};
grant insert (name, public_key), update (public_key) on zerodb.person to ${ROLES.user};
grant delete on zerodb.message, zerodb.share to ${ROLES.definer};
grant insert, update, delete on zerodb.share_key to ${ROLES.definer};`

/** The privileges on functions, granted by their owner. */
export const GRANT_FUNCTIONS = `
revoke all on all functions in schema zerodb from public;
grant execute on all functions in schema zerodb to ${ROLES.user}, ${ROLES.owner};`
