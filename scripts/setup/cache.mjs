import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { SetupProblem } from './problem.mjs'

/** Where everything that is downloaded or compiled lives; the application reads it from the same place. */
export function cacheRoot(env = process.env) {
  if (env.VASP_CACHE) return path.resolve(env.VASP_CACHE)
  return path.join(env.XDG_CACHE_HOME || path.join(homeFolder(), '.cache'), 'vasp-studio')
}

function homeFolder() {
  try {
    return os.homedir()
  } catch {
    throw new SetupProblem('This user has no home folder.', 'Set VASP_CACHE to a folder that this user can write to.')
  }
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Removes what interrupted set-ups left in a folder: temporary entries carry the process id of their maker. */
export function removeLeftovers(folder) {
  if (!fs.existsSync(folder)) return
  for (const name of fs.readdirSync(folder)) {
    const pid = /^\.tmp-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && Number(pid) !== process.pid && !isAlive(Number(pid))) {
      fs.rmSync(path.join(folder, name), { recursive: true, force: true })
    }
  }
}

/**
 * Makes the folder or file `target` with `fill(temporaryPath)` and gives it its name only when that has succeeded,
 * so that an interruption at any moment leaves nothing that looks finished.
 */
export async function place(target, fill) {
  const folder = path.dirname(target)
  fs.mkdirSync(folder, { recursive: true })
  removeLeftovers(folder)
  const temporary = path.join(folder, `.tmp-${process.pid}-${path.basename(target)}`)
  fs.rmSync(temporary, { recursive: true, force: true })
  try {
    await fill(temporary)
    fs.rmSync(target, { recursive: true, force: true })
    fs.renameSync(temporary, target)
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true })
  }
}

/** Lets one process at a time do the named piece of set-up; the others wait, and then find it done. */
export async function alone(name, work) {
  const folder = path.join(cacheRoot(), 'locks')
  const lock = path.join(folder, name)
  fs.mkdirSync(folder, { recursive: true })
  for (;;) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      const holder = Number(readIfThere(lock))
      // An empty file belongs to a process that is just writing it, or that died while doing so.
      const abandoned = holder === 0 ? ageOf(lock) > 10_000 : !isAlive(holder)
      if (abandoned) fs.rmSync(lock, { force: true })
      else await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
  try {
    return await work()
  } finally {
    fs.rmSync(lock, { force: true })
  }
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return ''
    throw error
  }
}

const ageOf = (file) => Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
