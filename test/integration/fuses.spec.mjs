import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { FuseState, FuseV1Options } from '@electron/fuses'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { requireFuses, shippedFuses } from '../../scripts/packaging/fuses.mjs'

/** What marks the fuses in every Electron since 12; version, number and states of the fuses follow. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

let folder
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vasp-fuses-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

const asShipped = Object.entries(shippedFuses).map(([name, on]) => ({ name, on }))
const position = (name) => FuseV1Options[name]

/** A file with fuses, in their order. */
function programWith(states, version = 1) {
  const program = path.join(folder, 'program')
  const wire = Buffer.from([version, states.length, ...states])
  fs.writeFileSync(program, Buffer.concat([Buffer.from(`before ${SENTINEL}`), wire, Buffer.from(' after')]))
  return program
}

const wire = () => {
  const states = []
  for (const { name, on } of asShipped) states[position(name)] = on ? FuseState.ENABLE : FuseState.DISABLE
  return states
}

it('takes a program whose fuses are those that are shipped, with and without the newest', async () => {
  await requireFuses(programWith(wire()))
  await requireFuses(programWith(wire().slice(0, -1)))
})

it.each(asShipped)('refuses a program in which $name is not as it should be', async ({ name, on }) => {
  const states = wire()
  states[position(name)] = on ? FuseState.DISABLE : FuseState.ENABLE
  await expect(requireFuses(programWith(states))).rejects.toMatchObject({
    reason: `The packed program has other fuses than it should: ${name} is ${on ? 'off' : 'on'} and should be ${on ? 'on' : 'off'}.`,
    fix: expect.stringContaining('electron-builder.yml'),
  })
})

it('refuses fuses that are absent, removed, unknown, or of another version', async () => {
  const refused = (program) => expect(requireFuses(program)).rejects
  await refused(programWith(wire().slice(0, 5))).toMatchObject({
    reason: expect.stringContaining('OnlyLoadAppFromAsar is absent and should be on.'),
  })
  const removed = wire()
  removed[0] = FuseState.REMOVED
  await refused(programWith(removed)).toMatchObject({ reason: expect.stringContaining('RunAsNode is in state') })
  await refused(programWith([...wire(), FuseState.ENABLE])).toMatchObject({
    reason: expect.stringContaining('Fuse 9 (unknown) is in no list.'),
  })
  await refused(programWith(wire(), 2)).toMatchObject({
    reason: expect.stringContaining('The fuses are of version 2, not 1.'),
  })
})
