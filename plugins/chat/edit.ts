import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Problem } from 'ainative-code'

/** Lets the user change a text in their editor: $VISUAL, $EDITOR or vi. */
export async function editText(text: string, env: NodeJS.ProcessEnv): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-code-'))
  const file = path.join(folder, 'message.md')
  const editor = env.VISUAL || env.EDITOR || 'vi'
  try {
    fs.writeFileSync(file, text, { mode: 0o600 })
    const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit', env })
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Problem('editor', `the editor ${JSON.stringify(editor)} ended with ${code}; nothing was changed`)
    if (!fs.existsSync(file)) throw new Problem('editor', `the editor ${JSON.stringify(editor)} left no text; nothing was changed`)
    return fs.readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
