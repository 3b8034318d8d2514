import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { SetupProblem } from '../setup/problem.mjs'

/**
 * The fuses of a package, on or off. electron-builder.yml has them burnt in; WasmTrapHandlers, which electron-builder does not know yet, is left as
 * Electron ships it.
 */
export const shippedFuses = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  // Off: the package has no snapshot of its own for the main process, and Electron would look for one.
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  WasmTrapHandlers: true,
}

/** Newer than the test Electron (33). */
const mayBeAbsent = new Set(['WasmTrapHandlers'])

/** How the fuses of a program differ from these, one sentence each; empty if they do not. */
export async function differingFuses(program, wanted = shippedFuses) {
  const { version, ...wire } = await getCurrentFuseWire(program)
  const differences = version === '1' ? [] : [`The fuses are of version ${version}, not 1.`]
  for (const [name, on] of Object.entries(wanted)) {
    const state = wire[FuseV1Options[name]]
    if (state === undefined && mayBeAbsent.has(name)) continue
    if (state !== (on ? FuseState.ENABLE : FuseState.DISABLE))
      differences.push(`${name} is ${stateName(state)} and should be ${on ? 'on' : 'off'}.`)
  }
  for (const position of Object.keys(wire))
    if (!(FuseV1Options[position] in wanted))
      differences.push(`Fuse ${position} (${FuseV1Options[position] ?? 'unknown'}) is in no list.`)
  return differences
}

function stateName(state) {
  switch (state) {
    case undefined:
      return 'absent'
    case FuseState.ENABLE:
      return 'on'
    case FuseState.DISABLE:
      return 'off'
    default:
      return `in state ${state}`
  }
}

/** Throws where the fuses that can be read back from a packed program are not those that are to be shipped. */
export async function requireFuses(program) {
  const differences = await differingFuses(program)
  if (differences.length === 0) return
  throw new SetupProblem(
    `The packed program has other fuses than it should: ${differences.join(' ')}`,
    'Compare electronFuses in electron-builder.yml with scripts/packaging/fuses.mjs, and pack again.',
  )
}
