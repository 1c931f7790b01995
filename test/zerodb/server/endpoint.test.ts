import { expect, test } from 'vitest'
import { isLocal, parseEndpoint, urlText } from '../../../plugins/zerodb/server/endpoint.ts'

test.each([
  ['postgresql://a:b@host/db', { host: 'host', port: 5432, user: 'a', password: 'b', database: 'db' }],
  ['postgres://a@host:6543', { host: 'host', port: 6543, user: 'a', database: 'postgres' }],
  ['postgresql://a%40b.c:p%2Fw%25@host/d%20b', { user: 'a@b.c', password: 'p/w%', database: 'd b' }],
  ['postgresql://a@[::1]:5433/db', { host: '::1', port: 5433 }],
  ['postgresql://a@/db?host=/run/postgresql&port=5433', { host: '/run/postgresql', port: 5433, database: 'db' }],
  ['postgresql:///c%40d?user=a@b&password=c@d', { user: 'a@b', password: 'c@d', database: 'c@d' }],
  ['postgresql:///?user=a&password=b&dbname=d', { host: 'localhost', user: 'a', password: 'b', database: 'd' }],
  ['postgresql://a@host/db?sslmode=prefer&connect_timeout=3', { tls: 'disable', timeout: 3 }],
  [
    'postgresql://a@host/db?sslmode=verify-ca&sslrootcert=/ca.pem&channel_binding=require',
    { tls: 'verify-ca', rootCertificate: '/ca.pem' },
  ],
])('%s is parsed, and written again', (url, parts) => {
  const endpoint = parseEndpoint(url, 'here')
  expect(endpoint).toMatchObject(parts)
  expect(parseEndpoint(urlText(endpoint), 'here')).toEqual({ ...endpoint, timeout: 15 })
})

test.each([
  ['mysql://a@host/db', 'expected a URL that begins with postgresql://'],
  ['postgresql://a:secret@ho st/db', 'the URL is invalid'],
  ['postgresql://a:?secret@host/db', 'the URL is invalid'],
  ['postgresql://a:b@c?secret@host/db', 'the URL is invalid'],
  ['postgresql://a:12?b=secret@host/db', 'the URL is invalid'],
  ['postgresql://a:12/secret@host/db', 'the URL is invalid'],
  ['postgresql://a:12#secret@host/db', 'the URL is invalid'],
  ['postgresql://a:secret%@host/db', 'the URL contains a % without two hexadecimal digits after it'],
  ['postgresql://a:secret@host:99999/db', 'the URL is invalid'],
  ['postgresql://a:secret@host/db?port=0', 'port 0 is invalid; expected 1 to 65535'],
  ['postgresql://a:secret@host/db?sslmode=off', 'sslmode off is unknown'],
  ['postgresql://a:secret@host/db?sslmod=disable', 'unknown parameter sslmod'],
])('%s is refused, without its password', (url, message) => {
  expect(() => parseEndpoint(url, 'here')).toThrow(`here: ${message}`)
  expect(() => parseEndpoint(url, 'here')).not.toThrow('secret')
})

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['/run/postgresql', true],
  ['db.example.com', false],
  ['localhost.example.com', false],
  ['127.0.0.1.example.com', false],
  ['10.0.0.1', false],
  ['127.1', false],
])('the connection to %s stays on this machine: %s', (host, local) => expect(isLocal({ host })).toBe(local))
