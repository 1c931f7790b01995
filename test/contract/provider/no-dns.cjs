// Loaded before the program: no name has an address, whatever the network says.
const dns = require('node:dns')

dns.lookup = (hostname, _options, callback) => {
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname })
  process.nextTick(callback, error)
}
