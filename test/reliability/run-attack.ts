import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { attackedProduct } from './attacked-product'
import { makeBaseLibrary, type BaseLibrary } from './base-library'
import { Product } from './product'
import type { Attack, AttackReport, AttackSetting } from './attack'

/** Gives `work` the base library that attacks copy, made on first use and removed afterwards. */
export async function withBaseLibrary<T>(root: string, work: (base: AttackSetting['base']) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'vasp-base-')))
  let made: Promise<BaseLibrary> | null = null
  try {
    return await work(() => (made ??= makeBaseLibrary(new Product(root), folder)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs one attack in a separate folder, which is removed afterwards. */
export async function runAttack(attack: Attack, setting: Omit<AttackSetting, 'folder'>): Promise<AttackReport> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), `vasp-${attack.name}-`)))
  const [loadBefore = 0] = loadavg()
  const product = await attackedProduct(setting.root)
  const began = performance.now()
  try {
    const results = await attack.run({ ...setting, folder })
    return {
      name: attack.name,
      scale: setting.scale,
      seed: setting.seed,
      seconds: (performance.now() - began) / 1000,
      machine: {
        at: new Date().toISOString(),
        cpu: cpus()[0]?.model.trim() ?? process.arch,
        threads: availableParallelism(),
        memoryGib: totalmem() / 2 ** 30,
        platform: `${process.platform}-${process.arch}`,
        node: process.versions.node,
        loadBefore,
      },
      product,
      results,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
