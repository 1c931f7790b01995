import { execFile } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** A Chromium of this machine, if it has one. */
export const chromium: string | undefined = (process.env.PATH ?? '')
  .split(path.delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => path.join(folder, name)))
  .find((file) => fs.existsSync(file))

export interface Look {
  /** The window's width, and that of what it shows. */
  width: number
  content: number
  background: string
}

/** Opens a page without a window, in frames of these widths. Gives what was seen, and what servers were asked for beside it. */
export async function lookAt(page: string, widths: number[], dark: boolean): Promise<{ looks: Look[]; requests: string[] }> {
  const requests: string[] = []
  const server = http.createServer((request, response) => {
    const own = { '/page': page, '/': frames(widths) }[request.url ?? '']
    // The browser's own requests, such as for updates, come from no page.
    if (own === undefined && request.headers.referer) requests.push(`${request.headers.host}${request.url}`)
    response.setHeader('content-type', 'text/html; charset=utf-8').end(own ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-chromium-'))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
    fs.rmSync(folder, { recursive: true, force: true })
  })
  const dom = await run([
    ...[
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--dump-dom',
      '--disable-background-networking',
      '--no-first-run',
      `--user-data-dir=${folder}`,
      '--window-size=1800,900',
    ],
    // Whatever the page asks for, at any host, comes to the server here.
    ...[`--host-resolver-rules=MAP * 127.0.0.1:${port}, EXCLUDE 127.0.0.1`, '--ignore-certificate-errors'],
    ...[`--blink-settings=preferredColorScheme=${dark ? 0 : 1}`, `http://127.0.0.1:${port}/`],
  ])
  return { looks: JSON.parse(/<title>(.*?)<\/title>/.exec(dom)?.[1] ?? 'null'), requests }
}

/** A page of frames that names in its title what they show. */
const frames = (widths: number[]) => `<!doctype html><link rel="icon" href="data:,">
${widths.map((width) => `<iframe src="/page" width="${width}" height="600" style="border:0"></iframe>`).join('')}
<script>
  onload = () => {
    const seen = Array.from({ length: frames.length }, (_, at) => ({
      width: frames[at].document.documentElement.clientWidth,
      content: frames[at].document.documentElement.scrollWidth,
      background: frames[at].getComputedStyle(frames[at].document.body).backgroundColor,
    }))
    document.title = JSON.stringify(seen)
  }
</script>`

const run = (argv: string[]) =>
  new Promise<string>((resolve, reject) => {
    execFile(chromium as string, argv, { maxBuffer: 1 << 28 }, (error, stdout) => (error ? reject(error) : resolve(stdout)))
  })
