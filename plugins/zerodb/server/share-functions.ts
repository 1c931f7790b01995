/**
 * The functions by which users change shares and sealed keys: see GRANT_TABLES for why users may not do so themselves. They run with the
 * rights of zerodb_definer, and change only rows of the user who calls them.
 */
export const SHARE_FUNCTIONS = `
-- Ends own shares.
create or replace function zerodb.end_shares(ids text[]) returns void
language sql security definer set search_path = '' as $$
  delete from zerodb.share where owner = zerodb.me() and id = any(ids)
$$;

-- Replaces the sealed keys of an own share, unless another device has replaced them since it had "record".
create or replace function zerodb.seal_share(share text, record text, next text, keys jsonb) returns void
language sql security definer set search_path = '' as $$
  with recorded as (
    insert into zerodb.share_key as k (share, member, sealed)
    select s.id, zerodb.me(), next from zerodb.share s where s.id = seal_share.share and s.owner = zerodb.me()
    on conflict (share, member) do update set sealed = excluded.sealed where k.sealed = record
    returning share
  ), sealed_keys as (
    select * from pg_catalog.jsonb_to_recordset(keys) as g(member text, sealed text)
  ), removed as (
    delete from zerodb.share_key k using recorded n
    where k.share = n.share and k.member <> zerodb.me() and k.member not in (select member from sealed_keys)
  )
  insert into zerodb.share_key (share, member, sealed) select n.share, g.member, g.sealed from recorded n, sealed_keys g
  on conflict (share, member) do update set sealed = excluded.sealed
$$;
`
