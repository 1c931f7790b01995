// Sends a request and prints the bytes of the answer: node plain-fetch.cjs URL MODEL
const [url, model] = process.argv.slice(2)
const body = JSON.stringify({ model, max_tokens: 100, stream: true, messages: [{ role: 'user', content: 'hi' }] })

fetch(url, { method: 'POST', body }).then(async (response) => {
  for await (const chunk of response.body) process.stdout.write(chunk)
})
