import { once } from 'node:events'
import { expect, onTestFinished } from 'vitest'
import { type Home, here, makeHome, startCli } from '../../helpers/cli.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { sample, seed, talk } from '../../helpers/seed.ts'
import { openStages, type Stage, type StageProxy } from './stages.ts'

/** Two devices of one account. The syncs of the first one can be interrupted. */
export interface Pair {
  first: Home
  second: Home
  proxy: StageProxy
}

/** A message of every session has this text. */
const TEXTS = ['Hello', 'Hi', 'Bye']

export async function openPair(user: string): Promise<Pair> {
  const endpoint = await userOn(await openPostgres(), user)
  const proxy = await openStages(endpoint)
  onTestFinished(() => proxy.close())
  const [first, second] = [proxy.endpoint, endpoint].map((url) => makeHome({ AINATIVE_ZERODB_ENDPOINT: url })) as [Home, Home]
  return { first, second, proxy }
}

/** Both devices get a new session and change an old one; the changes of the second device are on the server. */
export async function changeBoth({ first, second }: Pair, round: number): Promise<void> {
  await seed(first, sample(2 * round, { title: `First ${round}`, messages: talk(...TEXTS) }))
  await seed(second, sample(2 * round + 1, { title: `Second ${round}`, messages: talk(...TEXTS) }))
  if (round > 1) {
    await here(first).ok('session', 'rename', sample(2).id, `Renamed in ${round}`)
    await here(second).ok('session', 'tag', sample(3).id, `round-${round}`)
  }
  await here(second).ok('session', 'sync')
}

/** Interrupts a sync of the first device at a stage. Returns false if the sync has no such stage. */
export async function interruptSync({ first, second, proxy }: Pair, stage: Stage, signal: 'SIGKILL' | 'SIGSTOP'): Promise<boolean> {
  const held = proxy.hold(stage)
  const child = startCli(['session', 'sync'], { cwd: first.dir, env: first.env })
  for (const stream of [child.stdout, child.stderr]) stream.resume()
  const ended = once(child, 'exit')
  if ((await held) === 'ended') {
    expect(await ended).toEqual([0, null])
    return false
  }
  child.kill(signal)
  if (signal === 'SIGSTOP') {
    // A process that stands still keeps nobody else from syncing.
    await here(second).ok('session', 'sync')
    proxy.release()
    child.kill('SIGCONT')
    expect(await ended).toEqual([0, null])
  } else {
    await ended
    proxy.release()
  }
  return true
}

/** Both devices sync, and then hold the same: all sessions of these rounds, and no message twice. */
export async function expectAgreement({ first, second }: Pair, rounds: number): Promise<void> {
  for (const home of [first, second, first]) expect(await here(home).ok('session', 'sync')).toMatch(/in sync\n$/)
  const [all, others] = await Promise.all([first, second].map((home) => here(home).ok('session', 'export', '--all', '-o', '-')))
  expect(others).toBe(all)
  const sessions = JSON.parse(all ?? '') as { messages: { content: string }[] }[]
  expect(sessions).toHaveLength(2 * rounds)
  for (const { messages } of sessions) expect(messages.map(({ content }) => content)).toEqual(TEXTS)
}
