import { badInput } from '../../shared/errors'
import type { DrawRange, SearchSpace, System } from '../../shared/experiments'
import { formatCount, formatCounted } from '../../shared/format'
import type { ConfigField, ModelConfig } from '../../shared/models'
import { configure, fieldsOf, modelOf } from '../models/registry'
import { seededRandom, type Random } from '../numeric/random'

/** Maximum size of a grid. */
const largestGrid = 100_000

/** Every combination of the grid's values, the last key changing fastest. */
function combinations(grid: SearchSpace['grid']): ModelConfig[] {
  const size = Object.values(grid).reduce((product, values) => product * values.length, 1)
  if (size > largestGrid)
    throw badInput(
      `This grid has ${formatCounted(size, 'combination')}, but at most ${formatCount(largestGrid)} are possible.`,
      'Give fewer values, or sample at random with --random.',
    )
  return Object.entries(grid).reduce<ModelConfig[]>(
    (configs, [key, values]) => configs.flatMap((config) => values.map((value) => ({ ...config, [key]: value }))),
    [{}],
  )
}

/** Four significant digits distinguish candidates and can be typed again. */
const typeable = (value: number): number => Number(value.toPrecision(4))

function draw(field: ConfigField & { type: 'number' }, { low, high, log }: DrawRange, random: Random): number {
  const share = random.uniform()
  const value = log ? Math.exp(Math.log(low) + share * Math.log(high / low)) : low + share * (high - low)
  return field.integer ? Math.round(value) : Math.min(high, Math.max(low, typeable(value)))
}

function rangeFields({ model, random }: SearchSpace): Map<string, ConfigField & { type: 'number' }> {
  const definition = modelOf(model)
  const fields = new Map(fieldsOf(definition.settings).map((field) => [field.key, field]))
  return new Map(
    Object.entries(random).map(([key, { low, high, log }]) => {
      const field = fields.get(key)
      if (!field)
        throw badInput(
          `${definition.name} has no setting “${key}”.`,
          `Its settings are ${[...fields.keys()].join(', ')}.`,
        )
      if (field.type !== 'number')
        throw badInput(
          `${key} of ${definition.name} is not a number, so it cannot be sampled from a range.`,
          'List its values with --grid instead.',
        )
      if (!(high >= low) || (log && !(low > 0)))
        throw badInput(
          `${low}..${high} is not a range for ${key}${log ? ' on the logarithmic scale' : ''}.`,
          `Put the lower end first${log ? ', above 0' : ''}.`,
        )
      return [key, field]
    }),
  )
}

/**
 * The candidates of a search, distinct, at most `budget`. Without ranges: the grid, or as many of its combinations as the budget allows, drawn at
 * random. With ranges: `budget` draws, each with grid values drawn evenly. Throws BAD_INPUT for invalid settings or values, and for an empty search
 * space.
 */
export function candidates(space: SearchSpace): System[] {
  const ranges = rangeFields(space)
  const grid = combinations(space.grid)
  if (ranges.size === 0 && Object.keys(space.grid).length === 0)
    throw badInput('There is nothing to search.', 'Give a setting’s values (--grid) or its range (--random).')
  const random = seededRandom(space.seed).fork('search')
  const chosen = ranges.size === 0 ? someOf(grid, space.budget, random) : draws(space, grid, ranges, random)
  const definition = modelOf(space.model)
  return chosen.map((changed, index) => {
    const overrides = { ...space.overrides, ...changed }
    configure(definition, space.preset, overrides)
    const key = `candidate-${index + 1}`
    return {
      key,
      row: key,
      label: label(changed),
      note: null,
      model: space.model,
      preset: space.preset,
      overrides,
      members: null,
    }
  })
}

const label = (changed: ModelConfig): string =>
  Object.entries(changed)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ')

/** The whole grid, or `budget` candidates sampled without replacement, in grid order. */
function someOf(grid: readonly ModelConfig[], budget: number, random: Random): ModelConfig[] {
  if (grid.length <= budget) return [...grid]
  const drawn = random.shuffle(Int32Array.from(grid.keys())).slice(0, budget).sort()
  return Array.from(drawn, (index) => grid[index]).filter((config) => config !== undefined)
}

function draws(
  { random: space, budget }: SearchSpace,
  grid: readonly ModelConfig[],
  fields: ReadonlyMap<string, ConfigField & { type: 'number' }>,
  random: Random,
): ModelConfig[] {
  const found = new Map<string, ModelConfig>()
  // Whole numbers from a narrow range repeat; a small space may have fewer candidates than the budget.
  for (let attempt = 0; attempt < budget * 20 && found.size < budget; attempt++) {
    const config: ModelConfig = { ...grid[random.integer(grid.length)] }
    for (const [key, range] of Object.entries(space)) {
      const field = fields.get(key)
      if (field) config[key] = draw(field, range, random)
    }
    found.set(JSON.stringify(config), config)
  }
  return [...found.values()]
}
