import type { ConfigValue, ModelDescriptor } from '../../../shared/models'
import { protocolCells, protocolDifferences, protocolLabel } from '../../../shared/protocol'
import type { RunDetail, TrainRequest } from '../../../shared/runs'

/** A setting in which a new run would differ from the one that it began with. */
export interface Change {
  readonly label: string
  readonly before: string
  readonly now: string
}

const text = (value: ConfigValue | null | undefined): string => {
  if (value === null || value === undefined || value === '') return '–'
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value)
}

/** What a request changes of an earlier run: model or settings, seed, protocol. @param models all models */
export function changesOf(request: TrainRequest, earlier: RunDetail, models: readonly ModelDescriptor[]): Change[] {
  const model = models.find(({ kind }) => kind === request.model)
  const name = (kind: string): string => models.find((known) => known.kind === kind)?.name ?? kind
  const preset = model?.presets.find((known) => known.name === request.preset)?.config ?? {}
  const settings =
    request.model === earlier.model
      ? (model?.fields ?? []).map(({ key, label }) => ({
          label,
          before: text(earlier.config[key]),
          now: text(request.overrides[key] ?? preset[key]),
        }))
      : [{ label: 'Model', before: name(earlier.model), now: name(request.model) }]
  const [before, now] = [earlier, request].map((one) => protocolCells(one, earlier.valueKind))
  const protocol = protocolDifferences(earlier, request).map((key) => ({
    label: protocolLabel(key),
    before: text(before?.[key]),
    now: text(now?.[key]),
  }))
  const seed = { label: 'Training seed', before: text(earlier.seed), now: text(request.seed) }
  return [...settings, seed, ...protocol].filter((change) => change.before !== change.now)
}
