import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { isListed, isLocal } from '../../plugins/providers/no-proxy.ts'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { chunks, DONE, SSE, STOP, serve } from '../helpers/http.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'
import { openModel } from '../helpers/wire/server.ts'

const ASK = ['chat', '--provider', 'openai', '--model', 'm', 'hi']

/** A proxy that leads everything to one address, and what it was asked for. */
async function openProxy(to: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const target = new URL(to)
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`)
    const call = http.request(new URL(new URL(String(request.url)).pathname, to), { method: request.method, headers: request.headers })
    call.on('response', (answer) => answer.pipe(response.writeHead(Number(answer.statusCode), answer.headers)))
    request.pipe(call)
  })
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`)
    const tunnel = net.connect(Number(target.port), target.hostname, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
    for (const end of [tunnel, socket]) end.on('error', () => undefined)
    tunnel.pipe(socket).pipe(tunnel)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { asked, url: `http://me:secret@127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const VARIABLES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()])

/** A home whose commands run in this process, with the proxies of this environment: the program reads those of its process. */
function homeAt(base: string, env: NodeJS.ProcessEnv): Home {
  for (const name of VARIABLES) vi.stubEnv(name, env[name])
  return here(makeHome({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: base, ...env }))
}

afterEach(() => void vi.unstubAllEnvs())

test('HTTP_PROXY leads to a provider, but not to one on this machine', async () => {
  const model = await openModel('openai-chat')
  const proxy = await openProxy(model.url)
  const { stdout } = await homeAt('http://models.test/v1', { HTTP_PROXY: proxy.url }).runWith({}, ...ASK)
  expect(stdout).toBe('Hello\n')
  expect(proxy.asked).toEqual([`POST http://models.test/v1/chat/completions Basic ${btoa('me:secret')}`])
  await homeAt(`${model.url}/v1`, { HTTP_PROXY: proxy.url }).ok(...ASK)
  expect(proxy.asked).toHaveLength(1)
})

test('https_proxy is asked for a tunnel, and NO_PROXY names who is asked directly', async () => {
  const model = await openModel('openai-chat')
  const proxy = await openProxy(model.url)
  const env = { https_proxy: proxy.url }
  // What is at the end of the tunnel speaks no TLS.
  expect((await homeAt('https://models.test/v1', env).run(...ASK)).stderr).toContain('no secure connection to openai')
  expect(proxy.asked).toEqual(['CONNECT models.test:443'])
  expect((await homeAt('https://models.test/v1', { ...env, NO_PROXY: '.test' }).run(...ASK)).stderr).toMatch(/openai.*models\.test/)
  expect(proxy.asked).toHaveLength(1)
})

test('a proxy that sends back its password does not get it shown', async () => {
  const server = await serve((response) => response.writeHead(403).end(`me:secret-word, which is ${btoa('me:secret-word')}`))
  const home = homeAt('http://models.test/v1', { HTTP_PROXY: server.url.replace('//', '//me:secret-word@') })
  for (const argv of [ASK, ['models', 'openai']]) {
    const { stdout, stderr } = await home.run(...argv)
    expect(stderr).toContain('me:***, which is ***')
    expect(stdout + stderr).not.toContain('secret-word')
  }
})

test.each([
  ['me:wrong@', 'refused the user name and password\nhint: check them in HTTPS_PROXY'],
  ['me@', 'refused the user name and password\nhint: check them in HTTPS_PROXY'],
  ['', 'requires a user name and password\nhint: set HTTPS_PROXY to'],
])('a proxy with the login %j that answers 407 is told as what it is', async (login, says) => {
  const server = http.createServer((_, response) => response.writeHead(407).end('<title>Login</title>'))
  server.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  for (const scheme of ['http', 'https']) {
    const home = homeAt(`${scheme}://models.test/v1`, { ALL_PROXY: `http://${login}127.0.0.1:${port}` })
    expect((await home.run(...ASK)).stderr).toContain(says)
  }
})

const CERTIFICATE = [
  'req',
  '-x509',
  '-newkey',
  'ec',
  '-pkeyopt',
  'ec_paramgen_curve:P-256',
  '-nodes',
  '-days',
  '2',
  '-subj',
  '/CN=models.test',
]

test.skipIf(spawnSync('openssl', ['version']).status !== 0)('a reply comes through a tunnel', async () => {
  const home = homeAt('https://models.test/v1', {})
  const [key, cert] = [home.path('key.pem'), home.path('cert.pem')]
  execFileSync('openssl', [...CERTIFICATE, '-addext', 'subjectAltName=DNS:models.test', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const server = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) }, (request, response) => {
    request.resume().on('end', () => response.writeHead(200, SSE).end(chunks({ content: 'Hello' }) + STOP + DONE))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const proxy = await openProxy(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const env = { ...home.env, NODE_EXTRA_CA_CERTS: cert, HTTPS_PROXY: proxy.url.replace('http://', '') }
  expect(await home.runWith({ env }, ...ASK)).toMatchObject({ code: 0, stdout: 'Hello\n' })
  expect(proxy.asked).toEqual(['CONNECT models.test:443'])
})

test('a proxy that never makes its tunnel is as slow as any other server', async () => {
  const silent = net.createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const { port } = silent.address() as AddressInfo
  const home = homeAt('https://models.test/v1', { HTTPS_PROXY: `127.0.0.1:${port}` })
  home.write(USER_CONFIG, 'llm:\n  openai:\n    timeout: 500ms\n')
  const { stderr } = await home.run(...ASK)
  expect(stderr).toMatch(/^error: openai did not answer in time: no data for 0\.5 s, by the proxy 127\.0\.0\.1:\d+\n/)
})

test('a proxy that cuts the line is asked again', async () => {
  const rude = net.createServer((socket) => socket.once('data', () => socket.end()))
  await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void rude.close())
  const { stderr } = await homeAt('https://models.test/v1', { HTTPS_PROXY: `127.0.0.1:${(rude.address() as AddressInfo).port}` }).run(
    ...ASK,
  )
  expect(stderr).toMatch(/the connection was cut; retrying in .* \(attempt 3 of 3\)\nerror: the connection to openai was cut\n/)
})

test.each([
  ['socks5://127.0.0.1:9', '"socks5://127.0.0.1:9" is not the URL of an HTTP proxy: its scheme is neither http nor https'],
  ['http://me:secret@', '"http://***@" is not the URL of an HTTP proxy: Invalid URL'],
  ['me:secret@', '"***@" is not the URL of an HTTP proxy: Invalid URL'],
  ['http://me:100%zz@127.0.0.1:9', '"http://***@127.0.0.1:9" is not the URL of an HTTP proxy: URI malformed'],
  ['8080', '"8080" is not the URL of an HTTP proxy: it has no host'],
  ['http:proxy', '"http:proxy" is not the URL of an HTTP proxy: Invalid URL'],
])('ALL_PROXY=%s is an error that names the variable', async (proxy, reason) => {
  const { code, stderr } = await homeAt('https://models.test/v1', { ALL_PROXY: proxy }).run(...ASK)
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`error: ALL_PROXY: ${reason}`) })
  expect(stderr).toContain('hint: set ALL_PROXY to a URL such as http://host:port')
})

test('an empty variable counts as unset, and a lower-case name goes before an upper-case one', async () => {
  const model = await openModel('openai-chat')
  const proxy = await openProxy(model.url)
  await homeAt('http://models.test/v1', { http_proxy: '', HTTP_PROXY: ' ', ALL_PROXY: proxy.url, no_proxy: '' }).ok(...ASK)
  await homeAt('http://models.test/v1', { http_proxy: proxy.url, HTTP_PROXY: 'http://127.0.0.1:9' }).ok(...ASK)
  expect(proxy.asked).toHaveLength(2)
})

/** What NO_PROXY may hold, an address, and whether the address is asked directly. */
const NO_PROXY: [list: string, address: string, direct: boolean][] = [
  ['example.com', 'http://example.com', true],
  ['example.com', 'https://a.b.example.com', true],
  ['example.com', 'http://notexample.com', false],
  ['example.com', 'http://example.com.evil.test', false],
  ['.example.com', 'http://a.example.com', true],
  ['.example.com', 'http://example.com', true],
  ['*.example.com', 'http://a.b.example.com', true],
  ['*.example.com', 'http://example.com', false],
  ['EXAMPLE.com', 'http://Example.COM', true],
  ['example.com.', 'http://example.com', true],
  ['example.com', 'http://example.com.', true],
  ['bücher.test', 'http://bücher.test', true],
  ['*', 'https://example.com', true],
  ['a.test *', 'https://example.com', true],
  ['a.test,b.test', 'http://b.test', true],
  ['a.test b.test', 'http://b.test', true],
  [' a.test ,\tb.test, ', 'http://b.test', true],
  ['a.test,,b.test', 'http://c.test', false],
  ['.', 'http://a.test', false],
  ['a.test:8080', 'http://a.test:8080', true],
  ['a.test:8080', 'http://a.test', false],
  ['a.test:443', 'https://a.test', true],
  ['a.test:80', 'http://x.a.test', true],
  ['10.0.0.0/8', 'http://10.1.2.3', true],
  ['10.0.0.0/8', 'http://11.1.2.3', false],
  ['10.0.0.0/8', 'http://10.1.2.3.test', false],
  ['10.1.2.3', 'http://10.1.2.3:99', true],
  ['10.1.2.3:98', 'http://10.1.2.3:99', false],
  ['10.1.2.3/32', 'http://10.1.2.4', false],
  ['0.0.0.0/0', 'http://8.8.8.8', true],
  ['10.0.0.0/33', 'http://10.0.0.1', false],
  ['10.0.0.0/', 'http://8.8.8.8', false],
  ['10.0.0.0/8', 'http://[::ffff:10.0.0.1]', true],
  ['fe80::/10', 'http://[fe80::1]', true],
  ['2001:db8::/32', 'http://[2001:db9::1]', false],
  ['2001:db8::1', 'http://[2001:0db8:0:0::1]', true],
  ['[2001:db8::1]', 'http://[2001:db8::1]', true],
  ['[2001:db8::1]:99', 'http://[2001:db8::1]:99', true],
  ['[2001:db8::1]:98', 'http://[2001:db8::1]:99', false],
  ['[2001:db8::]/32', 'http://[2001:db8::5]', true],
  ['2001:db8::/32', 'http://10.0.0.1', false],
  ['::/0', 'http://[2001:db8::1]', true],
]

test.each(NO_PROXY)('NO_PROXY=%j and %s', (list, address, direct) => {
  expect(isListed(new URL(address), list)).toBe(direct)
})

test.each([
  ...['localhost', 'LOCALHOST.', 'a.localhost', '127.0.0.1', '127.9.9.9', '127.1', '0.0.0.0', '0', '[::1]', '[::]', '[::ffff:127.0.0.1]'],
])('no proxy is asked for %s', (host) => {
  expect(isLocal(new URL(`http://${host}:99/v1`))).toBe(true)
})

test.each(['localhost.test', '128.0.0.1', 'my-localhost', '[::2]', '127.0.0.1.test', '[::ffff:8.8.8.8]'])(
  '%s is not this machine',
  (host) => {
    expect(isLocal(new URL(`http://${host}/`))).toBe(false)
  },
)

test.each(['NO_PROXY', 'no_proxy'])('%s with a domain covers its subdomains', async (name) => {
  const proxy = await openProxy('http://127.0.0.1:9')
  const env = { HTTP_PROXY: proxy.url, [name]: 'other.test, models.test' }
  expect((await homeAt('http://api.models.test/v1', env).run(...ASK)).stderr).toContain('api.models.test')
  expect(proxy.asked).toEqual([])
})

test('0.0.0.0 is asked directly', async () => {
  const model = await openModel('ollama')
  const proxy = await openProxy('http://127.0.0.1:9')
  const home = makeHome({ OLLAMA_HOST: model.url.replace('127.0.0.1', '0.0.0.0'), HTTP_PROXY: proxy.url, NODE_USE_ENV_PROXY: '1' })
  expect(await home.ok('chat', '--provider', 'ollama', 'hi')).toBe('Hello\n')
  expect(proxy.asked).toEqual([])
})

test('a proxy that does not answer is named, without its password', async () => {
  const { stderr, code } = await homeAt('http://models.test/v1', { HTTP_PROXY: 'http://me:secret@127.0.0.1:9' }).run(...ASK)
  expect(code).toBe(1)
  expect(stderr).toMatch(/no server listens at the address of openai: .*, by the proxy 127\.0\.0\.1:9\n/)
  expect(stderr).toContain('hint: check HTTPS_PROXY and HTTP_PROXY; NO_PROXY')
  expect(stderr).not.toContain('secret')
})
