import type { ModelKind } from '../../../shared/models'

/** The title of a plot: the member's name; two runs of the same model are distinguished by their run. */
export const plotTitle = (name: string, modelName: (kind: ModelKind) => string): string =>
  name === 'joint' ? 'Joint model' : name.replace(/^[a-z0-9-]+/, modelName)
