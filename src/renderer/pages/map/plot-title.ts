import { modelKind, type ModelKind } from '../../../shared/models'

/** What a plot is called: its member's own name, as the models are named; members beyond the known ones keep what they are called. */
export function plotTitle(name: string, modelName: (kind: ModelKind) => string): string {
  if (name === 'joint') return 'Joint model'
  const kind = modelKind.safeParse(name)
  return kind.success ? modelName(kind.data) : name
}
