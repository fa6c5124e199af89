// The built command in a process of its own, as a shell starts it.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** Bytes of a process that are in memory. */
const residentBytes = (pid) => {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024
  } catch {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })) * 1024
  }
}

export const startEdge = async (activities) => {
  const folder = mkdtempSync(join(tmpdir(), 'isotarget-bench-edge-'))
  const file = join(folder, 'activities.json')
  writeFileSync(file, JSON.stringify(activities))
  const args = [program, 'edge', file, '--port', '0', '--client', 'acme', '--json', '--quiet']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  const opened = new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text
      if (out.includes('\n')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`the edge ended with ${code}`)))
  })
  await opened
  const { port } = JSON.parse(out.slice(0, out.indexOf('\n')))
  const agent = new Agent({ keepAlive: true })
  return {
    residentBytes: () => residentBytes(child.pid),
    /** One call; nothing for an answer without a body. Rejects for another status than 200 and 204. */
    call: (session, body) =>
      new Promise((resolve, reject) => {
        const text = JSON.stringify(body)
        const sent = request(
          {
            port,
            host: '127.0.0.1',
            agent,
            method: 'POST',
            path: `/rest/v1/delivery?client=acme&sessionId=${session}`,
            headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
          },
          (answer) => {
            const parts = []
            answer.on('data', (part) => parts.push(part))
            answer.on('error', reject)
            answer.on('end', () => {
              const got = Buffer.concat(parts).toString()
              if (answer.statusCode === 204) resolve(undefined)
              else if (answer.statusCode === 200) resolve(JSON.parse(got))
              else reject(new Error(`${answer.statusCode} ${got}`))
            })
          },
        )
        sent.on('error', reject)
        sent.end(text)
      }),
    /** Ends it, and gives its report. */
    async end() {
      const closed = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGINT')
      await closed
      agent.destroy()
      rmSync(folder, { recursive: true })
      return JSON.parse(out.slice(out.indexOf('\n')))
    },
    kill: () => child.kill('SIGKILL'),
  }
}
