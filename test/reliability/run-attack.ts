import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Attack, AttackReport, AttackSetting } from './attack'

/** Runs one attack in a folder of its own, which goes afterwards. */
export async function runAttack(attack: Attack, setting: Omit<AttackSetting, 'folder'>): Promise<AttackReport> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), `vasp-${attack.name}-`)))
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
      },
      results,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
