import { execFile } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** The path of Chromium on this machine; undefined if it is not installed. */
export const chromium: string | undefined = (process.env.PATH ?? '')
  .split(path.delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => path.join(folder, name)))
  .find((file) => fs.existsSync(file))

/** The layout of a page in a frame. */
export interface Look {
  /** The width of the frame. */
  width: number
  /** The width of the content. */
  content: number
  background: string
}

/** Opens a page in headless Chromium, in frames of these widths. Returns the layouts, and all requests that the page made. */
export async function lookAt(page: string, widths: number[], dark: boolean): Promise<{ looks: Look[]; requests: string[] }> {
  const requests: string[] = []
  const server = http.createServer((request, response) => {
    const own = { '/page': page, '/': frames(widths) }[request.url ?? '']
    // Requests of the browser itself, such as for updates, have no referrer.
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
    // Requests of the page to any host reach this server.
    ...[`--host-resolver-rules=MAP * 127.0.0.1:${port}, EXCLUDE 127.0.0.1`, '--ignore-certificate-errors'],
    ...[`--blink-settings=preferredColorScheme=${dark ? 0 : 1}`, `http://127.0.0.1:${port}/`],
  ])
  return { looks: JSON.parse(/<title>(.*?)<\/title>/.exec(dom)?.[1] ?? 'null'), requests }
}

/** Returns a page of frames. Its title becomes the JSON of their layouts. */
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
