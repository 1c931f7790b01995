import readline from 'node:readline'
import { Writable } from 'node:stream'
import { interrupted } from './problem.ts'
import { writeNote } from './write.ts'

/** Reads a line from the terminal without showing it. */
export function askSecret(question: string, signal: AbortSignal): Promise<string> {
  const silent = new Writable({ write: (_, __, done) => done() })
  const prompt = readline.createInterface({ input: process.stdin, output: silent, terminal: true })
  writeNote(question)
  return new Promise<string>((resolve, reject) => {
    prompt.on('line', resolve)
    prompt.on('SIGINT', () => reject(interrupted()))
    prompt.on('close', () => reject(interrupted()))
    signal.addEventListener('abort', () => reject(interrupted()))
  }).finally(() => {
    prompt.close()
    writeNote('\n')
  })
}
