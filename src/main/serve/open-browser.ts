import { spawn } from 'node:child_process'
import { asUserWould } from '../jobs/private-files'

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Opens `url` in the user's browser; resolves to false if the browser could not be started. */
export function openBrowser(url: string): Promise<boolean> {
  const [command, ...fixed] = openers[process.platform] ?? ['xdg-open']
  const child = asUserWould(() => spawn(command, [...fixed, url], { stdio: 'ignore', detached: true }))
  child.unref()
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(true))
    child.once('error', () => resolve(false))
  })
}
