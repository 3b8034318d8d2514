import fs from 'node:fs'
import path from 'node:path'
import { alone, cacheRoot, place } from './cache.mjs'
import { become } from './command.mjs'
import { SetupProblem } from './problem.mjs'
import { unpackPackage } from './registry-file.mjs'
import { pins } from './root.mjs'
import { say, whileSaying } from './say.mjs'

const pin = pins.node
const oldestMajor = Number(pin.version.split('.')[0])
const major = Number(process.versions.node.split('.')[0])

const nodeFolder = () => path.join(cacheRoot(), 'node', pin.version)
const nodeProgram = () => path.join(nodeFolder(), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** The folder of Node 24 with its headers (`include/node`), fetched where the cache does not hold it. */
export async function pinnedNode() {
  if (fs.existsSync(nodeProgram())) return nodeFolder()
  const found = pin.packages[`${process.platform}-${process.arch}`]
  if (found === undefined) {
    throw new SetupProblem(
      `VASP Studio needs Node.js ${oldestMajor} or newer; this is ${process.version}.`,
      `Install Node.js ${oldestMajor} from nodejs.org and start again.`,
    )
  }
  await alone('node', async () => {
    if (fs.existsSync(nodeProgram())) return
    say(
      `Node.js ${process.version} is older than needed: downloading Node.js ${pin.version} into the cache (about 50 MB, once) …`,
    )
    await place(nodeFolder(), async (temporary) => {
      const packed = `${temporary}.pack`
      try {
        const source = { ...found, version: pin.version }
        await whileSaying('Downloading Node.js', () => unpackPackage(source, `Node.js ${pin.version}`, packed))
        fs.renameSync(path.join(packed, 'package'), temporary)
      } finally {
        fs.rmSync(packed, { recursive: true, force: true })
      }
    })
  })
  return nodeFolder()
}

/** Returns only under a Node that is new enough; otherwise the same command goes on under the one from the cache. */
export async function underNode24() {
  if (major >= oldestMajor) return
  const folder = await pinnedNode()
  const bin = path.dirname(nodeProgram())
  await become(nodeProgram(), [...process.execArgv, ...process.argv.slice(1)], {
    env: {
      PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`,
      npm_node_execpath: path.join(folder, 'bin', 'node'),
    },
  })
}
