import fs from 'node:fs'
import type { Context } from 'ainative-code'
import { isTerminal } from './input.ts'

/**
 * Turns the echo of the terminal off, so that keys typed while a reply comes do not stand in it: they wait for the next prompt. Not by raw
 * mode, in which Ctrl-C is no signal. Returns what turns the echo on again; an abort does so at once, before a prompt reads keys.
 */
export function muteKeys({ view, host, signal }: Pick<Context, 'view' | 'host' | 'signal'>): () => void {
  if (!view.interactive || host.env.TERM === 'dumb' || !isTerminal() || !isForeground()) return () => undefined
  let muted = true
  const restore = () => {
    if (muted) stty('echo')
    muted = false
    signal.removeEventListener('abort', restore)
  }
  stty('-echo')
  signal.addEventListener('abort', restore)
  return restore
}

/** Where there is no such program the keys are echoed. */
function stty(setting: string): void {
  process.getBuiltinModule('node:child_process').spawnSync('stty', [setting], { stdio: ['inherit', 'ignore', 'ignore'] })
}

/** A process in the background that changes the terminal is stopped. */
function isForeground(): boolean {
  try {
    // After the name in parentheses: state, parent, process group, session, terminal, process group in the foreground.
    const [, , group, , , foreground] = fs
      .readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return group === foreground
  } catch {
    return process.platform !== 'linux'
  }
}
