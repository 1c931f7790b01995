import { once } from 'node:events'
import net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../../plugins/zerodb/server/postgres-process.ts'
import { checkServer } from '../../../plugins/zerodb/server/require-schema.ts'
import { createCertificate } from '../../helpers/certificate.ts'
import { type Home, here, makeHome, startCli } from '../../helpers/cli.ts'
import { binaries, openPostgres, startPostgres, userOn } from '../../helpers/postgres.ts'
import { expectProblem } from '../../helpers/problem.ts'
import { freshDatabase, runSql } from '../../helpers/sql.ts'

/** Runs `zerodb ping` with this endpoint. */
const ping = (home: Home, endpoint: string, ...flags: string[]) =>
  here({ ...home, env: { ...home.env, AINATIVE_ZERODB_ENDPOINT: endpoint } }).run('zerodb', 'ping', ...flags)

test('ping prints the server, the role and what the role can see, without the password', async () => {
  const pg = await openPostgres()
  const endpoint = await userOn(pg, 'ping-ann')
  const home = makeHome()
  const { code, stdout } = await home.runWith({ env: { AINATIVE_ZERODB_ENDPOINT: endpoint } }, 'zerodb', 'ping')
  const { port } = new URL(endpoint)
  expect(
    stdout
      .replace(port, '<port>')
      .replace(/\d+\.\d+$/m, '<version>')
      .replace(/[\d.]+ ms$/m, '<ms> ms')
      .replace(/^clock .*/m, 'clock'),
  ).toMatchInlineSnapshot(`
    "endpoint    postgresql://ping-ann@127.0.0.1:<port>/postgres
    server      PostgreSQL <version>
    tls         none
    user        ping-ann
    schema      version 1
    sees        its own sessions
    round trip  <ms> ms
    clock
    "
  `)
  expect(code).toBe(0)
  expect(JSON.parse((await ping(home, pg.admin, '--json')).stdout)).toMatchObject({ sees: 'all', power: 'superuser' })
})

test('each failure has its own message and hint', async () => {
  const pg = await openPostgres()
  await userOn(pg, 'ping-ben')
  const empty = await freshDatabase(pg, 'ping_empty')
  await runSql(pg.admin, `create role "ping-out" login password 'x'`)
  const home = makeHome()
  const silent = net.createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void silent.close())
  await once(silent, 'listening')
  const { port } = silent.address() as net.AddressInfo
  const base = new URL(pg.admin)
  const at = (user: string, database = 'postgres') => `postgresql://${user}@127.0.0.1:${base.port}/${database}`
  for (const [endpoint, message, hint] of [
    ['postgresql://a:b@nosuch.invalid/x', 'the host nosuch.invalid was not found', 'check the host'],
    [`postgresql://a:b@127.0.0.1:${await freePort()}/x`, 'no server listens at 127.0.0.1:', 'zerodb start'],
    [`postgresql://a:b@127.0.0.1:${port}/x?connect_timeout=1`, `the server 127.0.0.1:${port} does not answer`, 'check the network'],
    [at('ping-ben:wrong'), `127.0.0.1:${base.port} refused the user ping-ben or the password`, 'AINATIVE_ZERODB_PASSWORD'],
    [at('ping-ben'), 'asks for the password of ping-ben, and none is set', 'AINATIVE_ZERODB_PASSWORD'],
    [at('postgres:superuser', 'nosuch'), 'the server has no database nosuch', 'check the end of the URL'],
    [empty, 'the database ping_empty is not set up for ZeroDB', 'ainative-code zerodb init --admin URL'],
    [at('ping-out:x'), 'the user ping-out lacks a permission', 'ainative-code zerodb user add NAME'],
    [`${at('postgres:superuser')}?sslmode=verify-full`, 'the server offers no TLS', 'sslrootcert=FILE'],
    ['mysql://a:b@host/x', 'expected a URL that begins with postgresql://', 'write postgresql://'],
  ] as const) {
    const { code, stderr } = await ping(home, endpoint)
    expect(stderr).toContain(message)
    expect(stderr).toContain(`hint: `)
    expect(stderr.split('hint: ')[1]).toContain(hint)
    expect(stderr).not.toMatch(/superuser|wrong/)
    expect(code).toBe(1)
  }
})

test('the hint for the password of an admin names a place where it applies', async () => {
  const { admin } = await openPostgres()
  const wrong = admin.replace('superuser', 'wrong')
  const none = admin.replace(':superuser', '')
  const list = (env: NodeJS.ProcessEnv, ...flags: string[]) =>
    here(makeHome({ AINATIVE_ZERODB_PASSWORD: 'superuser', ...env })).run('zerodb', 'team', 'list', ...flags)
  const inVariable = 'hint: write the user and the password into the URL in AINATIVE_ZERODB_ADMIN\n'
  const inFlag = 'hint: omit --admin, and set AINATIVE_ZERODB_ADMIN to the URL with the user and the password\n'
  for (const url of [wrong, none]) {
    expectProblem(await list({ AINATIVE_ZERODB_ADMIN: url }), 1, inVariable)
    expectProblem(await list({ AINATIVE_ZERODB_ADMIN: admin }, '--admin', url), 1, inFlag)
    const ofUser = `hint: check user and password in AINATIVE_ZERODB_ENDPOINT, or set AINATIVE_ZERODB_PASSWORD\n`
    expectProblem(await list({ AINATIVE_ZERODB_ENDPOINT: url, AINATIVE_ZERODB_PASSWORD: '' }), 1, ofUser)
  }
})

test('a command ends after a failed login, although the server waits for the answer', async () => {
  const pg = await openPostgres()
  await userOn(pg, 'ping-end')
  const server = new URL(pg.admin)
  const home = makeHome()
  for (const [user, argv] of [
    ['ping-end', ['zerodb', 'ping']],
    ['ping-end:', ['session', 'sync']],
    ['postgres', ['zerodb', 'user', 'list']],
  ] as const) {
    const url = `postgresql://${user}@127.0.0.1:${server.port}/postgres`
    const env = { ...home.env, AINATIVE_ZERODB_ENDPOINT: url, AINATIVE_ZERODB_ADMIN: url }
    const child = startCli([...argv], { cwd: home.dir, env })
    child.stdin.end()
    // The server would close the connection after 60 s.
    const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(20_000) })
    expect(code).toBe(1)
  }
})

test('a server older than PostgreSQL 15 is refused', () => {
  expect(() => checkServer(140_009)).toThrow('the server is PostgreSQL 14.9; ZeroDB needs 15 or newer')
  checkServer(150_000)
})

test('a password may come from a variable of its own', async () => {
  const endpoint = new URL(await userOn(await openPostgres(), 'ping-env'))
  const password = decodeURIComponent(endpoint.password)
  endpoint.password = ''
  const home = makeHome({ AINATIVE_ZERODB_PASSWORD: password })
  expect(JSON.parse((await ping(home, endpoint.href, '--json')).stdout)).toMatchObject({ user: 'ping-env' })
})

test('off loopback, the server is verified; less needs a flag or a setting, and is a warning each time', async () => {
  const home = makeHome()
  const { cert, key } = createCertificate(home)
  const pg = await startPostgres(binaries()[0]!, { cert, key })
  const user = new URL(await userOn(pg, 'tls-ann'))
  // 0.0.0.0 and 127.1 lead to loopback, but the program takes them for hosts of the network.
  const at = (host: string, parameters = '') => `${user.href.replace('127.0.0.1', host)}${parameters}`
  const root = `sslrootcert=${encodeURIComponent(cert)}`
  const tls = async (endpoint: string, ...flags: string[]) => {
    const { code, stdout, stderr } = await ping(home, endpoint, '--json', ...flags)
    return code === 0 ? [JSON.parse(stdout).tls_verified, stderr] : [stderr]
  }
  expect(await tls(at('0.0.0.0', `?${root}`))).toEqual([true, ''])
  expect(await tls(at('127.0.0.1', `?sslmode=verify-full&${root}`))).toEqual([true, ''])
  expect(await tls(at('0.0.0.0'))).toEqual([expect.stringContaining('no secure connection to 0.0.0.0:')])
  expect(await tls(at('127.1', `?${root}`))).toEqual([expect.stringContaining("does not match certificate's altnames")])
  const warned = (mode: string) => [false, expect.stringContaining(`is not verified (sslmode ${mode})`)]
  for (const [mode, endpoint] of [
    ['require', at('0.0.0.0', '?sslmode=require')],
    ['verify-ca', at('127.1', `?sslmode=verify-ca&${root}`)],
    ['disable', at('0.0.0.0', '?sslmode=disable')],
  ] as const) {
    expect(await tls(endpoint)).toEqual([expect.stringContaining(`sslmode ${mode} does not verify the server`)])
    expect(await tls(endpoint, '--allow-insecure')).toEqual(warned(mode))
  }
  home.write('.config/ainative-code/config.yaml', 'services: { zerodb: { allow_insecure: true } }\n')
  expect(await tls(at('0.0.0.0', '?sslmode=require'))).toEqual(warned('require'))
  await pg.stop()
})
