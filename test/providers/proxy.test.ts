import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
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

const homeAt = (base: string, env: NodeJS.ProcessEnv) => makeHome({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: base, ...env })

test('HTTP_PROXY leads to a provider, but not to one on this machine', async () => {
  const model = await openModel('openai-chat')
  const proxy = await openProxy(model.url)
  const { stdout } = await homeAt('http://models.test/v1', { HTTP_PROXY: proxy.url }).run(...ASK)
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
  expect(stderr).toMatch(/^error: openai did not answer in time: nothing came for 0\.5 s, by the proxy 127\.0\.0\.1:\d+\n/)
})

test('a proxy that cuts the line is asked again', async () => {
  const rude = net.createServer((socket) => socket.once('data', () => socket.end()))
  await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void rude.close())
  const { stderr } = await homeAt('https://models.test/v1', { HTTPS_PROXY: `127.0.0.1:${(rude.address() as AddressInfo).port}` }).run(
    ...ASK,
  )
  expect(stderr).toMatch(/the connection was cut; trying again in .* \(3 of 3\)\nerror: the connection to openai was cut\n/)
})

test.each([
  ['socks5://127.0.0.1:9', 'the proxy "socks5://127.0.0.1:9" of the environment cannot be used: it does not speak HTTP'],
  ['http://me:secret@', 'the proxy "http://***@" of the environment cannot be used: Invalid URL'],
  ['http://me:100%zz@127.0.0.1:9', 'the proxy "http://***@127.0.0.1:9" of the environment cannot be used: URI malformed'],
])('%s is told as what it is', async (proxy, told) => {
  expect((await homeAt('https://models.test/v1', { ALL_PROXY: proxy }).run(...ASK)).stderr).toContain(told)
})

test('a proxy that does not answer is named, without its password', async () => {
  const { stderr, code } = await homeAt('http://models.test/v1', { HTTP_PROXY: 'http://me:secret@127.0.0.1:9' }).run(...ASK)
  expect(code).toBe(1)
  expect(stderr).toMatch(/nothing answers at the address of openai: .*, by the proxy 127\.0\.0\.1:9\n/)
  expect(stderr).toContain('hint: check HTTPS_PROXY and HTTP_PROXY; NO_PROXY')
  expect(stderr).not.toContain('secret')
})
