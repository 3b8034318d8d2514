import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes a folder and those around it. Node's own way of making several never ends where there can be no folders, as in /proc. */
export function makeFolder(path: string): void {
  const around = dirname(path)
  if (around !== path && !existsSync(around)) makeFolder(around)
  mkdirSync(path)
}
