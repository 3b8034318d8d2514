import { modelConfig, type ModelConfig } from '../../shared/models'
import { resolveConfig, type ModelEntry } from '../models/registry'

/** Every setting with the value that the model works with, those included that a preset or an earlier version left to the schema's default. */
export const withDefaults = ({ schema }: Pick<ModelEntry, 'schema'>, config: ModelConfig): ModelConfig => {
  const read = schema.safeParse(config)
  return read.success ? modelConfig.parse(read.data) : config
}

/** The complete config that a preset with overrides stands for. Throws BAD_INPUT as `resolveConfig`. */
export const effectiveConfig = (entry: ModelEntry, preset: string | null, overrides: ModelConfig): ModelConfig =>
  withDefaults(entry, resolveConfig(entry, preset, overrides))
