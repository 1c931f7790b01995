// Loaded before the program, or into the process of the tests: what is meant for one real address goes to a server on loopback.
const http = require('node:http')
const https = require('node:https')
const { syncBuiltinESMExports } = require('node:module')

const real = https.request

// A test in this process changes the addresses, so they are read for each request.
https.request = (url, options, callback) => {
  const { REDIRECT_FROM, REDIRECT_TO } = process.env
  if (REDIRECT_FROM === undefined || new URL(url).host !== REDIRECT_FROM) return real(url, options, callback)
  return http.request(new URL(new URL(url).pathname, REDIRECT_TO), options, callback)
}
syncBuiltinESMExports()
