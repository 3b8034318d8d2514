import { cpus } from 'node:os'
import { version as app } from '../../../package.json'
import type { Environment } from '../../shared/runs'
import { loadBackend, tfjsVersion } from '../compute/backend'
import { kernelLevel } from '../compute/native-kernels'

/** What this worker computes with, as a run records it; loads the backend. */
export async function computedWith(): Promise<Environment> {
  const { name, version, device, threads } = await loadBackend()
  const { node, electron } = process.versions as Readonly<Record<string, string>> & { readonly electron?: string }
  return {
    backend: name,
    version,
    device,
    threads,
    app,
    // Defined by the build; sources that were not built (tests) have none.
    commit: (import.meta.env['VASP_COMMIT'] as string | undefined) ?? '',
    tfjs: tfjsVersion,
    runtime: electron === undefined ? `Node ${node}` : `Electron ${electron}, Node ${node}`,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? '',
    kernels: kernelLevel(),
  }
}
