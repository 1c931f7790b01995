/**
 * The functions by which a device pushes. All but `remove_ended` run with the rights of the caller, so row-level security holds within them.
 * `remove_ended` deletes, which users may not do in whole tables: see GRANT_TABLES. It runs with the rights of zerodb_definer, and
 * deletes only rows of the user who calls it.
 *
 * `push` merges registers and messages, newest stamp first, in one statement of the client. The lock on the owner's feed row puts the
 * pushes of one owner in an order without gaps; no sequence, advisory lock or session setting is used, so that it works behind a pooler.
 * A push whose answer was lost is simply sent again: it changes nothing, since equal stamps change nothing. The digest is the XOR of a hash of
 * each register and message with its stamp; it leaves out the names of tags and metadata, which encryption hides.
 *
 * The push of a device that does not know the current key_check changes nothing, and returns null. A sealed value begins with ~. In an
 * encrypted account it replaces one that is not sealed, also with an equal stamp, and a push of a session brings all of its registers.
 */
export const SYNC_FUNCTIONS = `
-- Stable like convert_to, so that the planner puts the expression in place of the call.
create or replace function zerodb.item(session text, kind text, key text, stamp text) returns bit(128)
language sql stable parallel safe as $$
  select ('x' || pg_catalog.encode(substring(pg_catalog.sha256(pg_catalog.convert_to(
    session || E'\\n' || kind || E'\\n' || key || E'\\n' || stamp, 'UTF8')) from 1 for 16), 'hex'))::bit(128)
$$;

drop function if exists zerodb.items(text, jsonb);
create or replace function zerodb.visible(key text) returns text
language sql immutable parallel safe as $$
  select case when pg_catalog.starts_with(key, 'tag:') then 'tag:' when pg_catalog.starts_with(key, 'meta:') then 'meta:' else key end
$$;

create or replace function zerodb.since_withdrawal(registers jsonb) returns jsonb
language sql immutable parallel safe set search_path = '' as $$
  select case when registers ? 'withdrawn' then
    (select pg_catalog.jsonb_object_agg(key, value) from pg_catalog.jsonb_each(registers)
      where key = 'withdrawn' or (value->>'h') collate "C" > (registers->'withdrawn'->>'h') collate "C")
    else registers end
$$;

create or replace function zerodb.sealed(text text) returns boolean
language sql immutable parallel safe as $$
  select pg_catalog.starts_with(coalesce(text, ''), '~')
$$;

create or replace function zerodb.sealed_part(registers jsonb) returns jsonb
language sql immutable parallel safe set search_path = '' as $$
  select coalesce(pg_catalog.jsonb_object_agg(key, value), '{}') from pg_catalog.jsonb_each(registers) where zerodb.sealed(value->>'v')
$$;

create or replace function zerodb.wins(new jsonb, old jsonb) returns boolean
language sql immutable parallel safe as $$
  select new is not null and (old is null or (new->>'h') collate "C" > (old->>'h') collate "C")
$$;

create or replace function zerodb.merge(a jsonb, b jsonb) returns jsonb
language sql immutable parallel safe set search_path = '' as $$
  select case when a ? 'purged' or b ? 'purged'
    then pg_catalog.jsonb_build_object('purged', case when zerodb.wins(b->'purged', a->'purged') then b->'purged' else a->'purged' end)
    else zerodb.since_withdrawal(a || coalesce((select pg_catalog.jsonb_object_agg(key, value) from pg_catalog.jsonb_each(b) where zerodb.wins(value, a->key)), '{}')) end
$$;

-- Without statistics the planner would sort the whole account for each page; the indexes give the order. Before PostgreSQL 18, a disabled
-- kind of scan also makes a statement seem so expensive that it is compiled, which takes longer than the statement.
create or replace function zerodb.changes(after bigint, page int, bytes bigint) returns json
language sql stable set enable_bitmapscan = off set enable_seqscan = off set enable_sort = off set jit = off set search_path = '' as $$
  with rows as (
    (select 's' as kind, s.rev, s.id as session, s.registers, null as key, null as place, null as stamp, null as body, s.needs
      from zerodb.session s where s.owner = zerodb.me() and s.rev > after order by s.owner, s.rev limit page)
    union all
    (select 'm', m.rev, m.session, null, m.id, m.place, m.stamp, m.body, m.needs
      from zerodb.message m where m.owner = zerodb.me() and m.rev > after order by m.owner, m.rev limit page)
  ), numbered as (
    select *, pg_catalog.row_number() over ordered as n,
      pg_catalog.sum(coalesce(pg_catalog.length(body), 0)) over (ordered rows between unbounded preceding and 1 preceding) as before
    from rows window ordered as (order by rev)
  )
  select pg_catalog.json_build_object(
    'rev', f.rev, 'digest', f.digest::text, 'key_check', f.key_check, 'now', extract(epoch from pg_catalog.clock_timestamp()) * 1000, 'standing', zerodb.standing(),
    'rows', (select pg_catalog.json_agg(pg_catalog.json_build_object('kind', kind, 'rev', rev, 'session', session, 'registers', registers,
      'key', key, 'place', place, 'stamp', stamp, 'body', body, 'needs', needs) order by rev) from numbered where n <= page and coalesce(before, 0) < bytes))
  from (select zerodb.me() as owner) own left join zerodb.feed f on f.owner = own.owner
$$;

-- The sessions of a push to refuse: the device did not know that another one withdrew the session, or withdraws it without having read
-- all of it (up to revision "at").
create or replace function zerodb.refused(own text, sessions jsonb, messages jsonb) returns jsonb
language sql stable set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  with incoming as (
    select i.id, i.floor, i.at, i.registers->'withdrawn'->>'h' as withdrawn
    from pg_catalog.jsonb_to_recordset(sessions) as i(id text, floor text, at bigint, registers jsonb) where not i.registers ? 'purged'
    union
    select i.session, i.floor, null, null from pg_catalog.jsonb_to_recordset(messages) as i(session text, floor text)
  ), known as (
    select i.*, s.rev, coalesce(s.registers->'withdrawn'->>'h', '') collate "C" as last
    from incoming i join zerodb.session s on s.owner = own and s.id = i.id where not s.registers ? 'purged'
  )
  select coalesce(pg_catalog.jsonb_agg(id), '[]') from known k where case when withdrawn > last
    then rev > at or exists (select from zerodb.message m where m.owner = own and m.session = k.id and m.rev > k.at)
    else last > coalesce(floor, '') end
$$;

-- Removes the messages and shares of the own sessions of a push that ended. Returns what the digest changes by.
create or replace function zerodb.remove_ended(sessions jsonb, refused jsonb) returns bit(128)
language sql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
  with ended as (
    select s.* from pg_catalog.jsonb_to_recordset(sessions) as i(id text, registers jsonb)
      join zerodb.session s on s.owner = zerodb.me() and s.id = i.id
    where (i.registers ? 'purged' or i.registers ? 'withdrawn') and not refused ? i.id
  ), gone as (
    delete from zerodb.message m using ended e where m.owner = e.owner and m.session = e.id
      and (e.registers ? 'purged' or m.stamp <= e.registers->'withdrawn'->>'h') returning m.session, m.id, m.stamp
  ), unshared as (
    delete from zerodb.share h using ended e
    where h.owner = e.owner and h.session = e.id and e.registers - 'purged' - 'withdrawn' = '{}'
  )
  select coalesce(pg_catalog.bit_xor(zerodb.item(session, 'm', id, stamp)), pg_catalog.repeat('0', 128)::bit(128)) from gone
$$;

drop function if exists zerodb.push(jsonb, jsonb);
create or replace function zerodb.push(sessions jsonb, messages jsonb, known text default null, out before bigint, out after bigint, out digest bit(128), out refused jsonb)
language plpgsql set search_path = '' set plan_cache_mode = force_custom_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
declare
  own text := zerodb.me();
  difference bit(128);
  counted bigint;
  checked text;
begin
  insert into zerodb.feed (owner) values (own) on conflict do nothing;
  select f.rev, f.digest, f.key_check into before, digest, checked from zerodb.feed f where f.owner = own for update;
  if checked is distinct from known then
    before := null;
    return;
  end if;
  after := before;
  refused := zerodb.refused(own, sessions, messages);

  -- Most pushes of a large database have only messages, and each statement that does not run need not be planned.
  if sessions <> '[]' then
    with incoming as (
      select i.id, i.registers, i.needs from pg_catalog.jsonb_to_recordset(sessions) as i(id text, registers jsonb, needs int)
      where not refused ? i.id
    ), merged as (
      -- Most sessions of a first push are new, and need no merge.
      select i.id, i.needs, s.registers as old, case when s.registers is null and not i.registers ?| array['purged', 'withdrawn'] then i.registers else zerodb.merge(
        case when s.registers is null then '{}' when known is null then s.registers else zerodb.sealed_part(s.registers) end, i.registers) end as new
      from incoming i left join zerodb.session s on s.owner = own and s.id = i.id
    ), changed as (
      select *, pg_catalog.row_number() over (order by id) as n from merged where new is distinct from old
    ), written as (
      insert into zerodb.session as t (owner, id, rev, registers, needs) select own, id, before + n, new, coalesce(needs, 1) from changed
      on conflict (owner, id) do update set rev = excluded.rev, registers = excluded.registers, needs = greatest(t.needs, excluded.needs)
    )
    select coalesce(pg_catalog.bit_xor(zerodb.item(id, 'r', zerodb.visible(key), value->>'h')), pg_catalog.repeat('0', 128)::bit(128)),
      (select pg_catalog.count(*) from changed)
    into difference, counted
    from changed, lateral (select * from pg_catalog.jsonb_each(new) union all select * from pg_catalog.jsonb_each(coalesce(old, '{}'))) registers;
    digest := digest # difference;
    after := after + counted;

    digest := digest # zerodb.remove_ended(sessions, refused);
  end if;

  if messages <> '[]' then
    -- The lock on the feed row lets no other push add a message between the look-up and the insert.
    with incoming as (
      select * from pg_catalog.jsonb_to_recordset(messages) as i(session text, id text, place text, stamp text, body text, needs int)
      where not refused ? i.session
    ), purged as (
      select s.id from (select distinct session from incoming) i join zerodb.session s on s.owner = own and s.id = i.session where s.registers ? 'purged'
    ), changed as (
      select i.*, m.stamp as old, pg_catalog.row_number() over (order by i.place collate "C", i.id collate "C") as n
      from incoming i left join zerodb.message m on m.owner = own and m.session = i.session and m.id = i.id
      where (m.id is null or i.stamp collate "C" > m.stamp or i.place collate "C" < m.place
          or (i.stamp = m.stamp and zerodb.sealed(i.body) and not zerodb.sealed(m.body)))
        and i.session not in (select id from purged)
    ), added as (
      insert into zerodb.message (owner, session, id, rev, place, stamp, body, needs)
      select own, session, id, after + n, place, stamp, body, coalesce(needs, 1) from changed where old is null
    ), replaced as (
      update zerodb.message m set rev = after + c.n, place = least(m.place, c.place), stamp = greatest(m.stamp, c.stamp),
        body = case when c.stamp > m.stamp or (c.stamp = m.stamp and zerodb.sealed(c.body) and not zerodb.sealed(m.body)) then c.body else m.body end,
        needs = greatest(m.needs, c.needs)
      from changed c where m.owner = own and m.session = c.session and m.id = c.id and c.old is not null
    )
    select coalesce(pg_catalog.bit_xor(zerodb.item(session, 'm', id, greatest(stamp collate "C", old))), pg_catalog.repeat('0', 128)::bit(128))
        # coalesce(pg_catalog.bit_xor(zerodb.item(session, 'm', id, old)) filter (where old is not null), pg_catalog.repeat('0', 128)::bit(128)), pg_catalog.count(*)
    into difference, counted from changed;
    digest := digest # difference;
    after := after + counted;
  end if;

  update zerodb.feed f set rev = push.after, digest = push.digest where f.owner = own;
end
$$;
`
