import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { badInput } from '../../shared/errors'
import { formatBytes } from '../../shared/format'
import { procedures } from './procedures'

const os = procedures.splits

/** A split of MovieLens 20M has some 15 MB. */
const largestFile = 256 * 1024 ** 2
/** The default name of the file. */
const fileName = 'split.json'

export const splits = os.router({
  export: os.export.handler(({ context, input }) => {
    const { store, queue, uploads } = context
    const dataset = store.datasets.get(input.of === 'run' ? store.runs.get(input.run).dataset : input.dataset)
    const handle = uploads.reserve(fileName, context.page)
    const [file] = uploads.take([handle])
    // The engine releases the file when the job has ended.
    const job = queue.submit(() => ({
      label: `Writing a split of ${store.datasets.get(dataset.id).name}`,
      specification: { kind: 'split', task: { action: 'export', of: input, file: file! } },
      dataset: dataset.id,
    }))
    return { job: job.id, file: handle }
  }),
  import: os.import.handler(async ({ context, input }) => {
    const { name } = context.uploads.complete(input.file)
    const text = await context.uploads.reading([input.file], async ([file]) => {
      const { size } = await stat(file!.path)
      if (size > largestFile)
        throw badInput(`${name} has ${formatBytes(size)}, which is too large for a split file.`, 'Choose a split file.')
      return readFile(file!.path, 'utf8')
    })
    const sha256 = createHash('sha256').update(text).digest('hex')
    context.store.splitFiles.save(sha256, text)
    await context.uploads.discard(input.file)
    return { name, sha256 }
  }),
  check: os.check.handler(({ context, input }) => {
    const { store, queue } = context
    const dataset = store.datasets.get(input.dataset)
    const job = queue.submit(() => ({
      label: `Checking ${input.file.name} against ${store.datasets.get(dataset.id).name}`,
      specification: { kind: 'split', task: { ...input, action: 'check' } },
      dataset: dataset.id,
    }))
    return { job: job.id }
  }),
})
