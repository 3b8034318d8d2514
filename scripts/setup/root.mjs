import fs from 'node:fs'
import path from 'node:path'

/** The checkout that these scripts belong to. */
export const root = path.resolve(import.meta.dirname, '../..')

/** Versions and hashes of everything that is fetched besides the packages of the lock file. */
export const pins = JSON.parse(fs.readFileSync(path.join(root, 'resources/native-runtime.json'), 'utf8'))
