// The values and texts of generated sessions. seed.ts picks the first entries of some lists more often than the last.

/** The characters of a session id. */
export const idLetters = '0123456789abcdefghijklmnopqrstuvwxyz'

/** The providers and their models. */
export const providers: [string, string[]][] = [
  ['anthropic', ['claude-sonnet-4-5', 'claude-3-5-sonnet-20241022', 'claude-opus-4-1', 'claude-haiku-4-5']],
  ['openai', ['gpt-4o', 'gpt-5', 'o3-mini', 'gpt-4o-mini']],
  ['gemini', ['gemini-2.5-pro', 'gemini-2.0-flash']],
  ['ollama', ['qwen2.5-coder:7b', 'llama3.2:3b']],
  ['azure', ['gpt-4o', 'gpt-4.1']],
  ['bedrock', ['anthropic.claude-3-5-sonnet-20241022-v2:0', 'amazon.nova-pro-v1:0']],
  ['meta', ['llama-4-maverick']],
]

/** The states of sessions, repeated by frequency. */
export const statuses = ['active', 'active', 'active', 'active', 'active', 'active', 'active', 'archived', 'paused'] as const
/** The values of the metadata key `priority`. */
export const priorities = ['low', 'medium', 'high']

/** The tags of sessions. */
export const tags = [
  ...['go', 'api', 'bug', 'review', 'sql', 'rest', 'testing', 'typescript', 'docker', 'performance', 'security', 'python', 'refactor'],
  ...['frontend', 'ci', 'rust', 'design', 'docs', 'kubernetes', 'research', 'onboarding', 'migration', 'データ', 'équipe', 'ad hoc', '🚀'],
]

/** The projects of sessions. */
export const projects = [
  ...['backend-service', 'web-app', 'mobile', 'data-pipeline', 'infra', 'billing', 'search', 'docs-site', 'auth', 'analytics', 'cli'],
  ...['design-system', 'partner-api', 'machine-learning', 'café', '顧客管理', 'internal tools', 'prototype', 'legacy', 'side-project'],
]

/** The first word of a title. */
export const titleVerbs = [
  'Debug',
  'Plan',
  'Review',
  'Design',
  'Write',
  'Profile',
  'Refactor',
  'Test',
  'Explain',
  'Deploy',
  'Migrate',
  'Secure',
]
/** The object of a title, after the verb. */
export const titleObjects = [
  ...['the REST API', 'OAuth 2.0 login', 'a rate limiter', 'the invoice job', 'SQL indexes', 'the upload form', 'retry logic', 'a parser'],
  ...[
    'the release notes',
    'GraphQL errors',
    'the cache layer',
    'a Dockerfile',
    'WebSocket drops',
    'the résumé import',
    'time zones',
    'flaky tests',
  ],
]
/** The end of a title. */
export const titleContexts = [
  'in Go',
  'for mobile',
  'before launch',
  'on Postgres',
  'in TypeScript',
  'with Redis',
  'after the outage',
  'step by step',
]
/** Complete titles in other languages. */
export const foreignTitles = [
  '数据库索引优化',
  'ユーザー認証の設計',
  '결제 오류 조사',
  'Überprüfung der Größenänderung',
  'Migración del año',
  'Отладка очереди',
]
/** Emoji that precede some titles. */
export const emoji = ['🐛', '✨', '🚀', '🔒', '👩‍💻']

/** The first sentences of questions. */
export const questions = [
  'How do I make this faster?',
  'Can you explain what happens here?',
  'Why does this fail only in production?',
  'What would you change before we merge it?',
  'Please write the tests for it.',
  '请解释一下这段代码。',
  'Is there a simpler way?',
]

/** The sentences of questions and answers. */
export const sentences = [
  'The query reads every row because no index covers both columns.',
  'I would move the check into the handler, so that a failed request never reaches the queue.',
  'It works on my machine, but the container has another time zone.',
  'Start with a failing test; then the change is three lines.',
  'Each worker holds its own connection, and the pool is exhausted after a few minutes.',
  'That is expected: the token has expired and the refresh is not awaited.',
  'Note that "quoted" names and back\\slashes have to be escaped here.',
  'Naïve caching makes it worse, since the key contains the current time.',
  'この関数は空の配列を返すことがあります。',
  'Measure first: the profile says that 80 % of the time is spent in JSON parsing.',
  'You can keep the old column for one release and fill both.',
  'Thanks, that explains it! 🎉',
]

const fence = (language: string, lines: string[]) => ['```'.concat(language), ...lines, '```'].join('\n')

/** The code blocks of questions and answers. */
export const codes = [
  fence('go', ['func handler(w http.ResponseWriter, r *http.Request) {', '\tdefer r.Body.Close()', '\tw.Write([]byte("ok\\n"))', '}']),
  fence('sql', ['select id, title', 'from sessions', "where project = 'backend-service'", 'order by created_at desc limit 10;']),
  fence('ts', ['export const sum = (numbers: number[]) =>', '  numbers.reduce((total, each) => total + each, 0)']),
  fence('python', ['def retry(call, times=3):', '    for attempt in range(times):', '        try:', '            return call()']),
  fence('sh', ['docker compose up -d', 'curl -fsS "http://localhost:8080/health" | jq .status']),
]
