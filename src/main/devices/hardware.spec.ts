import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hasNvidiaHardware } from './hardware'

let bus = ''
beforeEach(() => {
  bus = mkdtempSync(join(tmpdir(), 'vasp-bus-'))
})
afterEach(() => rmSync(bus, { recursive: true }))

function plugIn(slot: string, vendor: string, kind: string): void {
  mkdirSync(join(bus, slot))
  writeFileSync(join(bus, slot, 'vendor'), `${vendor}\n`)
  writeFileSync(join(bus, slot, 'class'), `${kind}\n`)
}

it('sees an NVIDIA GPU on the bus without any driver', () => {
  expect(hasNvidiaHardware(join(bus, 'nowhere'))).toBeNull()
  expect(hasNvidiaHardware(bus)).toBeNull()
  plugIn('0000:00:02.0', '0x8086', '0x030000')
  // The sound of a graphics card is none.
  plugIn('0000:01:00.1', '0x10de', '0x040300')
  expect(hasNvidiaHardware(bus)).toBe(false)
  plugIn('0000:01:00.0', '0x10de', '0x030200')
  expect(hasNvidiaHardware(bus)).toBe(true)
})
