import fs from 'node:fs'
import type { Context } from 'ainative-code'
import { isTerminal } from './input.ts'

/**
 * Turns the terminal's echo off, so that keys typed during a reply wait for the next prompt instead of appearing in the reply. Raw mode
 * is not used, because Ctrl-C sends no signal in raw mode. Returns a function that turns the echo on; an abort turns the echo on at once.
 */
export function disableEcho({ view, host, signal }: Pick<Context, 'view' | 'host' | 'signal'>): () => void {
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

/** Runs stty; without this program, the keys are echoed. */
function stty(setting: string): void {
  process.getBuiltinModule('node:child_process').spawnSync('stty', [setting], { stdio: ['inherit', 'ignore', 'ignore'] })
}

/** True for a process in the foreground. A background process that changes the terminal would be stopped. */
function isForeground(): boolean {
  try {
    // The fields after the name in parentheses: state, parent, process group, session, terminal, foreground process group.
    const [, , group, , , foreground] = fs
      .readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return group === foreground
  } catch {
    return process.platform !== 'linux'
  }
}
