import { expect, it } from 'vitest'
import { GpuMonitor } from './gpu-monitor'
import type { DriverReport } from './nvidia-smi'

it('asks the driver once for simultaneous callers, and again when the answer is old', async () => {
  let asked = 0
  let now = 0
  let report: DriverReport = { state: 'answers', gpus: [] }
  const monitor = new GpuMonitor(
    () => {
      asked++
      return Promise.resolve(report)
    },
    () => now,
  )
  await Promise.all([monitor.look(), monitor.look(), monitor.look()])
  expect(asked).toBe(1)
  now = 900
  await monitor.look()
  expect(asked).toBe(1)
  now = 1100
  report = { state: 'absent' }
  await monitor.look()
  expect(asked).toBe(2)
  // Without a driver there is nothing to watch.
  now = 10_000
  expect(await monitor.look()).toEqual({ state: 'absent' })
  expect(asked).toBe(2)
  await monitor.look(true)
  expect(asked).toBe(3)
})
