import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'

/** Digest of a file of any size. */
export async function hashFile(file, algorithm = 'sha256', encoding = 'hex') {
  const hash = createHash(algorithm)
  await pipeline(fs.createReadStream(file, { highWaterMark: 1 << 20 }), hash)
  return hash.digest(encoding)
}

/** One digest over the names and contents of files and folders, in a fixed order; what does not exist counts as absent. */
export function hashTree(root, names) {
  const hash = createHash('sha256')
  const visit = (name) => {
    const entry = fs.statSync(path.join(root, name), { throwIfNoEntry: false })
    if (entry === undefined) return
    if (entry.isDirectory()) {
      for (const child of fs.readdirSync(path.join(root, name)).sort()) visit(`${name}/${child}`)
    } else {
      hash.update(`${name}\0${entry.size}\0`).update(fs.readFileSync(path.join(root, name)))
    }
  }
  for (const name of [...names].sort()) visit(name)
  return hash.digest('hex')
}
