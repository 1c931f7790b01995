// Posts a conversation of COUNT messages as JSON: node plain-post.cjs URL COUNT TEXT
const http = require('node:http')

const [url, count, text] = process.argv.slice(2)
const messages = Array.from({ length: Number(count) }, (_, i) => ({ role: i % 2 ? 'assistant' : 'user', content: `${i} ${text}` }))
const call = http.request(url, { method: 'POST' }, (response) => response.resume())
call.end(JSON.stringify({ model: 'say-1', stream: true, messages }))
