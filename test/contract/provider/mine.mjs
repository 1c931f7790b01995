/** A provider as a user writes it: it lets through what fetch throws. */
export default {
  name: 'mine',
  apply({ hooks, env }) {
    hooks.providers.tap('mine', ({ add }) => add({ name: 'mine', reply: (request, signal) => reply(request, signal, env) }))
  },
}

async function* reply({ model, messages, temperature, max_tokens }, signal, { MINE_URL, MINE_AUTHORIZATION }) {
  const body = JSON.stringify({ model, messages, options: { temperature, num_predict: max_tokens } })
  const response = await fetch(`${MINE_URL}/api/chat`, { method: 'POST', body, signal, headers: { authorization: MINE_AUTHORIZATION } })
  const { status, headers } = response
  if (!response.ok) throw Object.assign(new Error(`HTTP ${status}`), { status, headers, body: await response.text() })
  let rest = ''
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop()
    for (const { message, error, done_reason, prompt_eval_count, eval_count } of lines.map((line) => JSON.parse(line))) {
      if (error) throw new Error(error)
      yield { text: message.content, reasoning: message.thinking }
      if (done_reason) yield { finish_reason: done_reason, usage: { input: prompt_eval_count, output: eval_count } }
    }
  }
}
