// Loaded before the program: what is meant for one real address goes to a server on loopback.
const http = require('node:http')
const https = require('node:https')
const { syncBuiltinESMExports } = require('node:module')

const { REDIRECT_FROM, REDIRECT_TO } = process.env
const real = https.request

https.request = (url, options, callback) =>
  new URL(url).host === REDIRECT_FROM
    ? http.request(new URL(new URL(url).pathname, REDIRECT_TO), options, callback)
    : real(url, options, callback)
syncBuiltinESMExports()
