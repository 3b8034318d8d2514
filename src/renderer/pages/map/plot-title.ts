import type { ModelKind } from '../../../shared/models'

/** What a plot is called: its member's own name, as the models are named; of two runs of a model, each with its run. */
export const plotTitle = (name: string, modelName: (kind: ModelKind) => string): string =>
  name === 'joint' ? 'Joint model' : name.replace(/^[a-z0-9-]+/, modelName)
