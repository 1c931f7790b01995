// Prints the ten newest sessions in the form of `session list`: node plain-list.cjs DATABASE
const Database = require(process.env.SQLITE_DRIVER)

const WIDE = /\p{Emoji_Presentation}|\p{sc=Han}|\p{sc=Hiragana}|\p{sc=Katakana}|\p{sc=Hangul}|ー/gu
const columns = (text) => text.length + (text.match(WIDE) ?? []).reduce((sum, char) => sum + 2 - char.length, 0)
const two = (number) => String(number).padStart(2, '0')

function localTime(ms) {
  const time = new Date(ms)
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}`
}

const db = new Database(process.argv[2])
const rows = db
  .prepare(
    `select id, title, created_at, message_count from sessions
     where staged is null and deleted_at is null and status <> 'archived' order by created_at desc, pk desc limit 10`,
  )
  .all()
const lines = [['ID', 'TITLE', 'CREATED', 'MESSAGES']]
for (const row of rows) lines.push([row.id, row.title, localTime(row.created_at), String(row.message_count)])
const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => columns(line[i]))))
const text = lines.map((line) =>
  line
    .map((cell, i) => cell + ' '.repeat(widths[i] - columns(cell)))
    .join(' ')
    .trimEnd(),
)
process.stdout.write(`${text.join('\n')}\n`)
