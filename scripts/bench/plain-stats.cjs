// Computes `session stats` and `session stats --by model,month` in UTC, with SQL written by hand: node plain-stats.cjs DATABASE all|groups
const Database = require(process.env.SQLITE_DRIVER)

const db = new Database(process.argv[2], { readonly: true })
db.pragma('cache_size = -4000')
const FROM = `(select pk, model from sessions where staged is null and deleted_at is null) s cross join messages m on m.session = s.pk`
const COSTS = FROM.replace('pk, model', 'pk, provider, model')
const ROWS = `select s.model as session_model, m.*, case when m.role = 'assistant' then coalesce(m.latency_ms, (
    select case when p.role = 'user' and p.created_at < m.created_at then m.created_at - p.created_at end
    from messages p where p.session = m.session and p.seq < m.seq order by p.seq desc limit 1)) end as response
  from ${FROM} limit -1`
const NUMBERS = `count(*) as messages, sum(coalesce(input_tokens + output_tokens, input_tokens, output_tokens)) as total_tokens, sum(input_tokens) as input_tokens,
  sum(cached_tokens) as cached_tokens, sum(cache_write_tokens) as cache_write_tokens,
  sum(cache_write_1h_tokens) as cache_write_1h_tokens, sum(web_searches) as web_searches, sum(output_tokens) as output_tokens, sum(reasoning_tokens) as reasoning_tokens,
  count(coalesce(input_tokens + output_tokens, input_tokens, output_tokens)) as counted_messages, avg(response) as average_response_ms,
  percentile_cont(response, 0.5) as p50_response_ms, percentile_cont(response, 0.95) as p95_response_ms`

/** Reads the data of costs: the models, and for each model and these keys the sums of priced counts. */
function costs(keys) {
  const by = ['coalesce(m.provider, s.provider) as provider', 'coalesce(m.model, s.model) as model']
  db.prepare(`select distinct ${by} from ${COSTS}`).raw().all()
  const group = [
    ...by,
    ...keys,
    'm.input_tokens > 200000 as over',
    "m.cost ->> '$.currency' as currency",
    "m.cost ->> '$.source' as source",
  ]
  const numbers = ['input', 'output', 'cached', 'cache_write', 'cache_write_1h'].map((name) => `sum(m.${name}_tokens)`)
  db.prepare(
    `select ${group}, ${numbers}, sum(m.web_searches), sum(m.cost ->> '$.amount'), count(*), count(m.input_tokens),
     count(case when m.role = 'assistant' and m.input_tokens is null then 1 end) from ${COSTS}
     where m.cost is not null or m.input_tokens is not null or m.output_tokens is not null or m.role = 'assistant'
     group by ${group.map((_, i) => i + 1)}`,
  )
    .raw()
    .all()
}

function all() {
  const numbers = db.prepare(`select ${NUMBERS}, min(created_at) as first, max(created_at) as last from (${ROWS})`).get()
  const sessions = db.prepare('select count(*) from sessions where staged is null and deleted_at is null').pluck().get()
  db.prepare(`select s.pk, count(*), max(created_at) - min(created_at) as span from ${FROM} group by s.pk order by span desc limit 5`).all()
  const times = db.prepare(`select created_at / 86400000, created_at / 3600000 % 24, count(*) from ${FROM} group by 1, 2`).raw().all()
  costs([])
  return { sessions, ...numbers, active_days: new Set(times.map(([day]) => day)).size }
}

function groups() {
  costs(["strftime('%Y-%m', m.created_at / 1000, 'unixepoch') as month"])
  return db
    .prepare(
      `select coalesce(model, session_model) as model, strftime('%Y-%m', created_at / 1000, 'unixepoch') as month, ${NUMBERS}
       from (${ROWS}) group by 1, 2 order by 1, 2`,
    )
    .all()
}

process.stdout.write(JSON.stringify(process.argv[3] === 'all' ? all() : groups()))
