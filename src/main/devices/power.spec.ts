import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runsOnBattery } from './power'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'vasp-power-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function supply(name: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(folder, name))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), `${text}\n`)
}

it.skipIf(process.platform !== 'linux')('knows a laptop that is unplugged', () => {
  supply('AC', { type: 'Mains', online: '0' })
  supply('BAT0', { type: 'Battery', status: 'Discharging' })
  expect(runsOnBattery(folder)).toBe(true)
})

it.skipIf(process.platform !== 'linux')(
  'does not take a charging laptop, a mouse or a machine without a battery for one',
  () => {
    expect(runsOnBattery(folder)).toBe(false)
    supply('mouse', { type: 'Battery', status: 'Discharging', scope: 'Device' })
    expect(runsOnBattery(folder)).toBe(false)
    supply('BAT0', { type: 'Battery', status: 'Charging' })
    supply('AC', { type: 'Mains', online: '1' })
    expect(runsOnBattery(folder)).toBe(false)
  },
)

it('cannot tell where there is no folder', () => {
  expect(runsOnBattery(join(folder, 'none'))).toBeNull()
})
