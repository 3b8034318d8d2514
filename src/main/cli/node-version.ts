import type { ErrorShape } from '../../shared/errors'
import { node } from '../../../resources/native-runtime.json'

const majorOf = (version: string): number => Number(version.split('.')[0])

/**
 * Why this Node cannot run the command line; null if it can. The packages' native bindings are made for the Node that set-up fetches: in an older
 * one they end the process without a message.
 */
export function unfitNode(
  { node: version, electron }: Partial<NodeJS.ProcessVersions> = process.versions,
): ErrorShape | null {
  if (electron !== undefined || version === undefined || majorOf(version) >= majorOf(node.version)) return null
  return {
    code: 'BACKEND_UNAVAILABLE',
    message: `The built command line needs Node ${majorOf(node.version)} or newer, but this is Node ${version}.`,
    next: 'Start it with “npm run vasp --” in place of “node out/main/cli.js”, which downloads that Node.',
  }
}
