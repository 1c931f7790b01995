import { type Change, isoTime, newMessageId, newSessionId } from '../../../core/index.ts'
import { mulberry32 } from '../../../scripts/seed.ts'
import { type Device, openDevice } from './device.ts'
import { createHistory, type History } from './history.ts'
import { type CuttingProxy, openProxy } from './proxy.ts'

type Random = ReturnType<typeof mulberry32>

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T

const HOUR = 3_600_000
const TEXTS = ['Hello', 'how\u0000?', '\ud800 lone', '日本語 😀', 'a\nb\r\n', '"quoted" \\']
const NAMES = ['go', 'api', '__proto__', 'x y', 'über\n', '\u0007bell']

/** What the devices wrote. */
interface Written {
  /** The ids of the messages that nobody removed, by session. */
  messages: Map<string, Set<string>>
  /** The sessions that a device removed for good, although others may still write to them. */
  purged: Set<string>
  /** The sessions of which a device removed its local-only copy: until the server knows that they are local-only, what it has goes too. */
  withdrawn: Set<string>
}

/**
 * One history: devices that edit offline and sync over connections that are cut. Throws if they do not end in the same state, or if a device
 * read less than it had read or written before. With `words`, the devices encrypt.
 */
export async function simulate(seed: number, endpoint: string, steps = 60, words?: string[]): Promise<{ cuts: number }> {
  const random = mulberry32(seed)
  const proxy = await openProxy(endpoint)
  const count = 3 + Math.floor(random() * 3)
  const devices: Device[] = []
  for (let i = 0; i < count; i++)
    devices.push(await openDevice(`d${i}`, proxy.endpoint, i === 0 ? 0 : Math.round((random() * 2 - 1) * HOUR), undefined, words))
  const written: Written = { messages: new Map(), purged: new Set(), withdrawn: new Set() }
  const history = createHistory((text) => {
    throw new Error(`seed ${seed}: ${text}`)
  })
  let cuts = 0
  try {
    for (let step = 0; step < steps; step++) {
      const device = pick(random, devices)
      if (random() < 0.7) await edit(random, device, written, history)
      else if (!(await syncOnce(random, proxy, device))) cuts++
    }
    proxy.cut = undefined
    for (let round = 0; round < 3; round++)
      for (const device of devices) {
        const { equal, aside } = await device.sync()
        if (round === 2 && (!equal || aside > 0)) throw new Error(`seed ${seed}: ${device.name} and the server differ`)
      }
    await compare(seed, devices, written, history)
    return { cuts }
  } finally {
    for (const device of devices) await device.close()
    await proxy.close()
  }
}

/** Syncs over a connection that may be cut. Returns false if it was. */
async function syncOnce(random: Random, proxy: CuttingProxy, device: Device): Promise<boolean> {
  proxy.cut = random() < 0.4 ? { from: pick(random, ['client', 'server']), after: Math.floor(random() ** 2 * 20_000) } : undefined
  try {
    await device.sync(pick(random, [{}, {}, {}, { pull: false }, { push: false }, { force: true }]))
    return true
  } catch (error) {
    if (!proxy.cut) throw error
    return false
  }
}

async function edit(random: Random, device: Device, written: Written, history: History): Promise<void> {
  const sessions = await device.state()
  history.read(device.name, sessions)
  const session = pick(random, sessions)
  const change = session && random() < 0.85 ? changeOf(random, session) : creation(random)
  await device.save(change)
  history.wrote(device.name, change, sessions)
  const ids = written.messages.get(change.id) ?? new Set()
  for (const { id } of change.append ?? []) ids.add(id)
  for (const id of change.removeMessages ?? []) ids.delete(id)
  written.messages.set(change.id, change.remove ? new Set() : ids)
  if (change.remove && session) (isLocal(session) ? written.withdrawn : written.purged).add(change.id)
}

/** Titles that were never written before. */
let titles = 0
const newTitle = (random: Random) => `${pick(random, TEXTS)} ${++titles}`

const message = (random: Random) => ({
  id: newMessageId(),
  role: pick(random, ['user', 'assistant'] as const),
  content: pick(random, TEXTS),
  timestamp: isoTime(Date.now()),
})

function creation(random: Random): Change {
  const id = newSessionId()
  const now = isoTime(Date.now())
  const fields = { id, title: newTitle(random), status: 'active' as const, provider: 'p', model: null, tags: [pick(random, NAMES)] }
  return { id, create: { ...fields, metadata: { project: 'x' }, created_at: now, updated_at: now }, append: [message(random)] }
}

type State = Awaited<ReturnType<Device['state']>>[number]

function changeOf(random: Random, { id, messages, deleted_at, metadata }: State): Change {
  const any = messages.length > 0 ? pick(random, messages) : undefined
  const choices: Change[] = [
    { id, append: [message(random), message(random)] },
    { id, append: [message(random)] },
    { id, set: { title: newTitle(random) } },
    { id, addTags: [pick(random, NAMES), pick(random, NAMES)] },
    { id, removeTags: [pick(random, NAMES)] },
    { id, setMeta: { [pick(random, NAMES)]: random(), project: pick(random, NAMES) } },
    { id, unsetMeta: [pick(random, NAMES)] },
    ...(random() < 0.4 ? [{ id, setMeta: { sync: 'local-only' } }] : []),
    ...('sync' in metadata ? [{ id, unsetMeta: ['sync'] }] : []),
    { id, set: { deleted_at: deleted_at ? null : isoTime(Date.now()) } },
    { id, set: { status: pick(random, ['active', 'archived', 'paused'] as const) } },
    ...(any
      ? [
          { id, setMessages: [{ id: any.id, hidden: random() < 0.5 }] },
          { id, replace: [{ ...message(random), id: any.id }] },
        ]
      : []),
    ...(any && random() < 0.3 ? [{ id, removeMessages: [any.id] }] : []),
    ...(random() < 0.15 ? [{ id, remove: true }] : []),
  ]
  return pick(random, choices)
}

const isLocal = ({ metadata }: State) => metadata.sync === 'local-only'

/**
 * Compares each session on the devices where it is not local-only. No message that was ever written is missing on all devices,
 * unless its session, or a local-only copy of it, was removed for good.
 */
async function compare(seed: number, devices: Device[], written: Written, history: History): Promise<void> {
  const lists = await Promise.all(devices.map((device) => device.state()))
  for (const [i, { name }] of devices.entries()) history.read(name, lists[i] ?? [])
  const states = lists.map((list) => new Map(list.map((session) => [session.id, session])))
  for (const [id, ids] of written.messages) {
    const copies = states.map((state) => state.get(id))
    const texts = copies.map((copy, i) => ({ i, copy, text: JSON.stringify(copy, null, 1) })).filter(({ copy }) => !copy || !isLocal(copy))
    for (const { i, text } of texts) {
      if (text !== texts[0]?.text)
        throw Object.assign(new Error(`seed ${seed}: d${texts[0]?.i} and d${i} differ in ${id}`), { states: [texts[0]?.text, text] })
    }
    if (written.purged.has(id)) {
      if (texts.some(({ copy }) => copy)) throw new Error(`seed ${seed}: ${id} was removed for good, and is there again`)
      continue
    }
    if (written.withdrawn.has(id)) continue
    const present = new Set(copies.flatMap((copy) => copy?.messages.map((each) => each.id) ?? []))
    const isThere = copies.some((copy) => copy !== undefined)
    for (const each of ids) if (isThere && !present.has(each)) throw new Error(`seed ${seed}: the message ${each} of ${id} is gone`)
  }
}
