import { execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'

/**
 * The commit that a checkout is at, with “+” where its files differ from that commit; empty where `root` is no checkout of its own, as in an unpacked
 * archive of the sources.
 */
export function builtCommit(root: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    // The sources may lie within the checkout of another project.
    if (realpathSync(git('rev-parse', '--show-toplevel')) !== realpathSync(root)) return ''
    return `${git('rev-parse', 'HEAD')}${git('status', '--porcelain', '--untracked-files=normal') === '' ? '' : '+'}`
  } catch {
    return ''
  }
}
