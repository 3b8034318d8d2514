import { z } from 'zod'
import type { Product } from './product'
import { writeRatings } from './product'
import { join } from 'node:path'

/** A small library with something of everything: a data set, four runs, an export, a map. */
export interface BaseLibrary {
  readonly library: string
  readonly ratings: string
}

/** So small that it trains in a second, and so large that its weights take a few writes. */
export const tinyVasp: readonly string[] = [
  ...['--model', 'vasp', '--set', 'hidden=128', '--set', 'latent=32'],
  ...['--set', 'stages=1e-3x4', '--set', 'batchRows=64'],
]
export const tinyNease: readonly string[] = ['--model', 'nease', '--set', 'stages=1e-3x6', '--set', 'batchRows=64']
export const tinyEase: readonly string[] = ['--model', 'ease', '--set', 'lambdas=50,100,200']

/** Runs of a base library by their kind. */
export const runs = { popularity: 1, ease: 2, vasp: 3 } as const
export const datasetName = 'base'

const anything = z.unknown()

export async function makeBaseLibrary(product: Product, folder: string): Promise<BaseLibrary> {
  const library = join(folder, 'base-library')
  const ratings = writeRatings(join(folder, 'base.csv'), 600, 20)
  const vasp = (...args: string[]): Promise<unknown> => product.json(anything, args, { library })
  await vasp('import', ratings, '--name', datasetName)
  await vasp('train', '--data', datasetName, '--model', 'popularity')
  await vasp('train', '--data', datasetName, ...tinyEase)
  await vasp('train', '--data', datasetName, ...tinyVasp)
  await vasp('map', '--run', String(runs.vasp), '--items', '60')
  return { library, ratings }
}
