import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { cacheRoot } from './cache'

/** The stored choices of this machine, beside the runtimes and not in a library, because libraries move between machines. */
const preferences = z.looseObject({ device: z.string().optional(), runtime: z.string().optional() })
type Preferences = z.infer<typeof preferences>

const file = (): string => join(cacheRoot(), 'machine.json')

function read(): Preferences {
  try {
    return preferences.parse(JSON.parse(readFileSync(file(), 'utf8')))
  } catch {
    // Never written, or damaged: the defaults are right for every machine.
    return {}
  }
}

export const readPreference = (name: 'device' | 'runtime'): string | undefined => read()[name]

/** Written under another name and renamed, so that other processes read the old or the new file. Throws the file system's own errors. */
export function writePreference(name: 'device' | 'runtime', value: string): void {
  mkdirSync(dirname(file()), { recursive: true })
  const temporary = `${file()}.${process.pid}`
  writeFileSync(temporary, `${JSON.stringify({ ...read(), [name]: value }, null, 2)}\n`)
  renameSync(temporary, file())
}
