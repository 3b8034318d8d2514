import type { Question } from '../jobs/protocol'
import type { WorkerContext } from './worker-context'

/** Answers questions about this machine and its files; each question loads only what it needs. */
export async function answerProbe(question: Question, context: WorkerContext): Promise<unknown> {
  const { store } = context
  switch (question.kind) {
    case 'backends': {
      const { loadBackend, probeBackends } = await import('../compute/backend')
      const states = await probeBackends()
      return { states, loaded: await loadBackend() }
    }
    case 'sort-files': {
      const { sortFiles } = await import('../importing/sort-files')
      return sortFiles(question.files.map((file) => ({ ...file, head: Buffer.from(file.head, 'base64') })))
    }
    case 'preview': {
      const { previewImport } = await import('../importing/preview')
      return previewImport({ ...question, table: question.table ?? null }, store.library)
    }
    case 'forecast': {
      const { forecastImport } = await import('../importing/forecast')
      return forecastImport(question, store.library)
    }
    case 'metadata':
      return (await import('../importing/join-metadata')).joinMetadata(store, question)
    case 'preview-details':
      return (await import('../importing/preview-details')).previewDetails(store, question)
    case 'prepare':
      return (await import('./preparation')).previewPreparation(store, question)
    case 'time':
      return (await import('./time-estimate')).estimateTime(question, context)
    case 'profile': {
      const { datasetProfile } = await import('../datasets/profile')
      const profile = datasetProfile(store, question.dataset)
      if (!store.readOnly) store.datasets.saveProfile(question.dataset, profile)
      return profile
    }
    case 'import-run':
      return (await import('./import-run')).importPortableRun(question.file, context)
    case 'check-library':
    case 'back-up':
    case 'prepare-restore':
      return (await import('./maintenance')).maintainLibrary(question, context)
    case 'remove-unseen':
      return store.datasets.removeUnseen()
    default:
      throw new Error(`This worker cannot answer “${question.kind}”.`)
  }
}
