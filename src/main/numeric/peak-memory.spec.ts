import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { peakMemory } from './peak-memory'

it('is that of the process itself, not of the one that started it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-peak-'))
  try {
    const entry = join(folder, 'child.mts')
    const source = pathToFileURL(join(import.meta.dirname, 'peak-memory.ts')).href
    writeFileSync(entry, `import { peakMemory } from ${JSON.stringify(source)}\nprocess.send(peakMemory())\n`)
    const large = Buffer.alloc(400 * 2 ** 20, 1)
    const child = fork(entry, { execArgv: [] })
    const [peak] = (await once(child, 'message')) as [number]
    expect(large.at(-1)).toBe(1)
    expect(peakMemory()).toBeGreaterThan(400 * 2 ** 20)
    expect(peak).toBeGreaterThan(20 * 2 ** 20)
    expect(peak).toBeLessThan(300 * 2 ** 20)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
