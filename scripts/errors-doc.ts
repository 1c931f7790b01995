import { interrupted, type Problem, usage } from 'ainative-code'
import { PROBLEM_CODES } from '../core/kernel/problem-codes.ts'

const INTRO = `# Errors

An expected failure has a message, often a hint, and a code:

\`\`\`text
error: there is no session "abc"
hint: ainative-code session list --all shows all ids
\`\`\`

The text is for people and may change. Scripts test the exit code:

| exit code | meaning |
|---|---|
| 0 | The command succeeded. |
| 1 | The command failed, or a part of its work did. |
| 2 | The command line is wrong, for example an unknown flag or format. |
| 129, 130, 143 | The command was stopped by SIGHUP, by Ctrl-C (SIGINT) or by SIGTERM. |

The code of the error appears in one output: the \`error\` event of \`ainative-code chat --format jsonl\`.

\`\`\`json
{"type":"error","code":"rate-limit","message":"…","hint":"…"}
\`\`\`

A plugin reads the code as \`error.code\` of a \`Problem\`. A plugin's own code has the form \`plugin-name:code\`.

The last column has the exit code if the code of the problem determines it.
`

/** The codes of problems that always have the same exit code. */
const FIXED = new Map([usage(''), interrupted()].map(({ code, exit }): [Problem['code'], number] => [code, exit]))

/** Returns the text of docs/errors.md. */
export function errorsPage(): string {
  const entries = Object.entries(PROBLEM_CODES) as [keyof typeof PROBLEM_CODES, string][]
  const rows = entries.sort().map(([code, meaning]) => `| \`${code}\` | ${meaning} | ${FIXED.get(code) ?? ''} |`)
  return `${INTRO}\n| code | meaning | exit code |\n|---|---|---|\n${rows.join('\n')}\n`
}
