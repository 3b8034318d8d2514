import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { extractFile, getRawHeader } from '@electron/asar'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { required } from './hosts'
import { packagedCopy, startPackaged, type PackagedCopy } from './packaged-program'

const shipped = required('VASP_E2E_PACKAGED')

let folder = ''
let copies: PackagedCopy[] = []
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vasp-fuses-'))
  copies = []
})
afterEach(() => {
  for (const copy of copies) copy.remove()
  fs.rmSync(folder, { recursive: true })
})

async function copyWith(fuses: Parameters<typeof packagedCopy>[1]): Promise<PackagedCopy> {
  const copy = await packagedCopy(shipped, fuses)
  copies.push(copy)
  return copy
}

/** A file that code leaves behind when it runs, and the code. */
const trace = (): { file: string; code: string; left: () => boolean } => {
  const file = path.join(folder, 'ran')
  return {
    file,
    code: `require('node:fs').writeFileSync(${JSON.stringify(file)}, 'ran')`,
    left: () => fs.existsSync(file),
  }
}

describe('the shipped program', () => {
  it('has exactly the fuses that it should', async () => {
    const { version, ...wire } = await getCurrentFuseWire(shipped)
    expect(version).toBe('1')
    const { ENABLE, DISABLE } = FuseState
    const eight = {
      [FuseV1Options.RunAsNode]: DISABLE,
      [FuseV1Options.EnableCookieEncryption]: ENABLE,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: DISABLE,
      [FuseV1Options.EnableNodeCliInspectArguments]: DISABLE,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ENABLE,
      [FuseV1Options.OnlyLoadAppFromAsar]: ENABLE,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: DISABLE,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: DISABLE,
    }
    // The test Electron has eight; newer ones have a ninth.
    const all = FuseV1Options.WasmTrapHandlers in wire ? { ...eight, [FuseV1Options.WasmTrapHandlers]: ENABLE } : eight
    expect(wire).toEqual(all)
  })

  it('runs no code as Node', async () => {
    const { code, left } = trace()
    const asNode = { ELECTRON_RUN_AS_NODE: '1' }
    const { application } = await startPackaged(shipped, ['-e', code], asNode)
    expect({ application, ran: left() }).toEqual({ application: true, ran: false })

    const open = await copyWith({ RunAsNode: true })
    // Without the switches of a start as root, which Node does not know.
    const bare = (program: string): void => {
      spawnSync(program, ['-e', code], { env: { ...process.env, ...asNode }, timeout: 5000, killSignal: 'SIGKILL' })
    }
    bare(shipped)
    expect(left()).toBe(false)
    bare(open.program)
    expect(left(), 'with the fuse on').toBe(true)
  })

  it.each(['--inspect=0', '--inspect-brk=0'])('opens no inspector for %s', async (argument) => {
    const { application, stderr } = await startPackaged(shipped, [argument], {})
    expect(application).toBe(true)
    expect(stderr).not.toContain('Debugger listening')

    const open = await copyWith({ EnableNodeCliInspectArguments: true })
    // --inspect-brk stops before the application runs; the requested output comes before that.
    const says = await startPackaged(open.program, ['--inspect=0'], {})
    expect(says.stderr).toContain('Debugger listening')
  })

  it('takes nothing from NODE_OPTIONS', async () => {
    const { code, left } = trace()
    fs.writeFileSync(path.join(folder, 'preloaded.cjs'), code)
    const env = { NODE_OPTIONS: `--require=${path.join(folder, 'preloaded.cjs')} --inspect=0` }
    const { application, stderr } = await startPackaged(shipped, [], env)
    expect({ application, ran: left() }).toEqual({ application: true, ran: false })
    expect(stderr).not.toMatch(/Debugger listening|NODE_OPTION/)

    // A packed program would take few of them; with the fuse on it looks, and says so.
    const open = await copyWith({ EnableNodeOptionsEnvironmentVariable: true })
    expect((await startPackaged(open.program, [], env)).stderr).toMatch(/NODE_OPTION/)
  })

  it('loads no folder that lies beside its archive, nor in its place', async () => {
    const { code, left } = trace()
    const plant = ({ resources }: PackagedCopy): void => {
      fs.mkdirSync(path.join(resources, 'app'))
      fs.writeFileSync(path.join(resources, 'app/package.json'), JSON.stringify({ name: 'planted', main: 'main.cjs' }))
      fs.writeFileSync(path.join(resources, 'app/main.cjs'), `${code}; process.exit()`)
    }
    const same = await copyWith({})
    plant(same)
    const { application } = await startPackaged(same.program, [], {})
    expect({ application, ran: left() }).toEqual({ application: true, ran: false })
    fs.rmSync(path.join(same.resources, 'app.asar'))
    const without = await startPackaged(same.program, [], {})
    expect({ application: without.application, ran: left() }).toEqual({ application: false, ran: false })

    const open = await copyWith({ OnlyLoadAppFromAsar: false })
    plant(open)
    fs.rmSync(path.join(open.resources, 'app.asar'))
    await startPackaged(open.program, [], {})
    expect(left(), 'with the fuse off').toBe(true)
  })
})

describe('the archive', () => {
  it('is all that there is to load, with a hash of every file in it', () => {
    const resources = path.join(path.dirname(shipped), 'resources')
    expect(
      fs
        .readdirSync(resources)
        .filter((name) => /^(app|default_app)/.test(name))
        .sort(),
    ).toEqual(['app.asar', 'app.asar.unpacked'])
    const { header } = getRawHeader(path.join(resources, 'app.asar'))
    const main = entry(header, 'out/main/index.js')
    expect(main).toMatchObject({ integrity: { algorithm: 'SHA256', hash: expect.stringMatching(/^[0-9a-f]{64}$/) } })
  })

  it.runIf(process.platform === 'linux')('is not checked on Linux, where Electron has no such check', async () => {
    // Not wished for, but so: with this the text about it in SECURITY.md holds, and shows when Electron learns it.
    const { file, left } = trace()
    const { program, resources } = await copyWith({})
    const archive = path.join(resources, 'app.asar')
    const { header, headerSize } = getRawHeader(archive)
    const { offset, size } = entry(header, 'out/main/index.js') as { offset: string; size: number }
    const replaced = `import fs from 'node:fs'; fs.writeFileSync(${JSON.stringify(file)}, 'ran'); process.exit()\n//`
    expect(extractFile(archive, 'out/main/index.js')).toHaveLength(size)
    expect(replaced.length).toBeLessThan(size)
    const handle = fs.openSync(archive, 'r+')
    fs.writeSync(handle, Buffer.from(replaced.padEnd(size, '/')), 0, size, 8 + headerSize + Number(offset))
    fs.closeSync(handle)
    await startPackaged(program, [], {})
    expect(left()).toBe(true)
  })
})

/** What an archive's header says of a file. */
function entry(header: unknown, file: string): unknown {
  return file
    .split('/')
    .reduce<unknown>((folderEntry, name) => (folderEntry as { files: Record<string, unknown> }).files[name], header)
}
