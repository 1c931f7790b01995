import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { here, homeAt, removeHome, shared } from '../helpers/cli.ts'

const folder = path.join(shared, 'data/conversations')
const there = fs.existsSync(folder)
if (!there) console.warn(`${folder} is missing: the search over real conversations is skipped`)

/** What somebody may remember of a conversation, and what its title or first message must hold. */
const QUESTIONS: [query: string, holds: RegExp][] = [
  ['SCIM server slim', /CalDAV & SCIM/],
  ['rubikscube optimum', /Rubik's Cube/],
  ['jetpack compose container queries', /Word Position in String/],
  ['remove ethan reservation', /^airline task 10 /],
  ['H9ZU1C', /^airline task 10 /],
  ['drummer "What Lovers Do"', /hotpotqa #33 /],
  ['has_close_elements threshold', /humaneval #0 /],
  ['gcd lcm two integers 240', /mmlu #6 /],
  ['gold member compensation canceled meeting', /^airline task 40 /],
  ['get_max_sum', /mbpp #71 /],
]

describe.skipIf(!there)('among 3,626 real conversations', () => {
  const home = here(homeAt(path.join(os.tmpdir(), `ainative-search-${process.pid}`)))
  beforeAll(async () => {
    fs.mkdirSync(home.dir)
    await home.ok('session', 'import', '--dir', folder)
  })
  afterAll(() => removeHome(home.dir))

  test.each(QUESTIONS)('%s leads to the right one', async (query, holds) => {
    const [first] = await home.json<{ title: string; close?: string }[]>('session', 'search', query, '-n', '1', '--format', 'json')
    expect(first).toMatchObject({ title: expect.stringMatching(holds) })
    expect(first).not.toHaveProperty('close')
  })
})
