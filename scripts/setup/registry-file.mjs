import fs from 'node:fs'
import path from 'node:path'
import { lastLine, run } from './command.mjs'
import { hashFile } from './hash.mjs'
import { npm } from './npm.mjs'
import { SetupProblem } from './problem.mjs'

/**
 * Fetches one npm package without installing it, checks it against its pinned sha512, and unpacks it: `folder/package/…`.
 * `what` names it in messages.
 */
export async function unpackPackage({ name, version, integrity }, what, folder) {
  fs.mkdirSync(folder, { recursive: true })
  const { code, output } = await npm(['pack', '--silent', '--pack-destination', folder, `${name}@${version}`], {
    cwd: folder,
  })
  const archive = fs.readdirSync(folder).find((file) => file.endsWith('.tgz'))
  if (code !== 0 || archive === undefined) {
    throw new SetupProblem(
      `${what} could not be fetched from the npm registry (${lastLine(output)}).`,
      'Check the network connection and start again.',
    )
  }
  const file = path.join(folder, archive)
  if (`sha512-${await hashFile(file, 'sha512', 'base64')}` !== integrity) {
    throw new SetupProblem(
      `${what} is not the file that was pinned (its SHA-512 differs).`,
      'Start again; if it stays so, something between here and the npm registry changes files.',
    )
  }
  const unpacked = await run('tar', ['-xzf', file, '-C', folder])
  if (unpacked.code !== 0) {
    throw new SetupProblem(
      `${what} could not be unpacked (${lastLine(unpacked.output)}).`,
      'Check the free disk space and start again.',
    )
  }
  fs.rmSync(file)
}
