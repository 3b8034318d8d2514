import type { JobContext } from '../../src/main/numeric/job-context'

/** A job context that records the reported stages; `onStage` is called at each report. */
export function recordingContext(onStage?: (stage: string, abort: () => void) => void): {
  context: JobContext
  stages: string[]
} {
  const controller = new AbortController()
  const stages: string[] = []
  return {
    stages,
    context: {
      signal: controller.signal,
      progress: ({ stage }) => {
        stages.push(stage)
        onStage?.(stage, () => controller.abort())
      },
    },
  }
}
