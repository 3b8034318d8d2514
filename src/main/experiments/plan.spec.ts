import { describe, expect, it } from 'vitest'
import type { Recipe, SearchSpace, System } from '../../shared/experiments'
import { datasetId } from '../../shared/ids'
import { combinationSettings, defaultPreparation, defaultSplit } from '../../shared/runs'
import { configure, modelOf, models } from '../models/registry'
import { requestOf } from './planted-runs.fixture'
import { expand, recipeOf } from './plan'
import { builtInRecipes } from './recipes'
import { candidates } from './search-space'

const [first, second] = [datasetId.parse(1), datasetId.parse(2)]
const system = (key: string, model: System['model'], members: string[] | null = null): System => ({
  key,
  row: key,
  label: key,
  note: null,
  model,
  preset: null,
  overrides: {},
  members,
})
const recipe = (systems: System[], seeds = [1]): Recipe => ({
  kind: 'custom',
  datasets: [first],
  preparations: [defaultPreparation],
  splits: [defaultSplit],
  systems,
  seeds,
  reuse: false,
})

describe('the expansion of a recipe', () => {
  it('is every combination of data, preparation, split, system and seed, once', () => {
    const all = expand({
      ...recipe([system('nease', 'nease'), system('vasp', 'vasp')], [1, 2]),
      datasets: [first, second],
      preparations: [defaultPreparation, { ...defaultPreparation, threshold: null }],
      splits: [defaultSplit, { ...defaultSplit, seed: 2 }],
    })
    expect(all).toHaveLength(2 * 2 * 2 * 2 * 2)
    expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => index))
    expect(new Set(all.map(({ position: _, ...trial }) => JSON.stringify(trial))).size).toBe(all.length)
  })

  it('trains exact solutions with the first seed alone', () => {
    const all = expand(recipe([system('ease', 'ease'), system('nease', 'nease')], [3, 4, 5]))
    expect(all.map((trial) => [trial.system.key, trial.seed])).toEqual([
      ['ease', 3],
      ['nease', 3],
      ['nease', 4],
      ['nease', 5],
    ])
  })

  it('puts members before their ensemble and pairs them by seed', () => {
    const all = expand(
      recipe([system('both', 'vasp', ['nease', 'ease']), system('ease', 'ease'), system('nease', 'nease')], [1, 2]),
    )
    const ofBoth = all.filter((trial) => trial.system.key === 'both')
    expect(ofBoth.map(({ seed }) => seed)).toEqual([1, 2])
    for (const trial of ofBoth) {
      const members = trial.members.map((position) => all[position])
      expect(members.map((member) => member?.system.key)).toEqual(['nease', 'ease'])
      expect(members[0]?.seed).toBe(trial.seed)
      for (const position of trial.members) expect(position).toBeLessThan(trial.position)
    }
  })

  it('refuses an ensemble of missing systems or of itself, and too many runs', () => {
    expect(() => expand(recipe([system('both', 'vasp', ['nothing'])]))).toThrow('no member “nothing”')
    expect(() => expand(recipe([system('a', 'vasp', ['b']), system('b', 'vasp', ['a'])]))).toThrow('contains itself')
    const seeds = Array.from({ length: 100 }, (_, seed) => seed)
    const datasets = Array.from({ length: 50 }, (_, index) => datasetId.parse(index + 1))
    const splits = seeds.slice(0, 20).map((seed) => ({ ...defaultSplit, seed }))
    expect(() =>
      recipeOf(requestOf(first, { kind: 'table-1', presets: 'small' }, { seeds, datasets, splits }), () => 'rating'),
    ).toThrow('at most 20,000')
  })
})

describe('the built-in recipes', () => {
  it('name systems that the registry can train', () => {
    for (const { kind, systems } of builtInRecipes) {
      for (const presets of ['small', 'paper'] as const) {
        const all = systems(presets)
        expect(new Set(all.map(({ key }) => key)).size, kind).toBe(all.length)
        for (const { model, preset, overrides, members } of all)
          expect(() =>
            members ? combinationSettings.parse(overrides) : configure(modelOf(model), preset, overrides),
          ).not.toThrow()
        expect(expand(recipe(all)).length).toBe(all.length)
      }
    }
  })

  it('compare the systems of the paper’s tables', () => {
    const rows = (kind: string): (string | null)[] =>
      builtInRecipes
        .find((one) => one.kind === kind)
        ?.systems('small')
        .map(({ row }) => row) ?? []
    expect(rows('table-1')).toEqual(['nease-mse', 'nease-cosine', 'nease-focal'])
    expect(rows('table-2')).toEqual([null, null, 'vasp-pretrained', 'vasp-alternating', 'vasp-joint'])
    const all = ['popularity', 'autorec', 'mult-dae', 'mult-vae', 'ease', 'recvae', 'hvamp', 'nease', 'flvae', 'vasp']
    expect([...new Set(rows('table-3'))].slice(0, all.length)).toEqual(all)
    expect(rows('product').at(-1)).toBe('best-product')
    expect(rows('table-3').filter((row) => row === 'nease')).toHaveLength(3)
    const ablations = builtInRecipes.find(({ kind }) => kind === 'ablations')?.systems('small') ?? []
    expect(ablations.map(({ label }) => label)).toEqual(
      expect.arrayContaining([
        'Without A/B split',
        'One output head',
        'Focal γ = 0',
        'Focal α = 0.5',
        'Latent width 512',
        'Encoder layers 1',
      ]),
    )
    for (const { overrides } of ablations.slice(1)) expect(Object.keys(overrides)).toHaveLength(1)
  })
})

it('table III has models that are not in the paper below the paper’s systems, and marks them', () => {
  const systems = builtInRecipes.find(({ kind }) => kind === 'table-3')?.systems('small') ?? []
  const last = systems.findIndex(({ key }) => key === 'vasp')
  const others = models.filter(({ reproduce }) => reproduce !== null)
  expect(others.length).toBeGreaterThan(0)
  expect(systems.slice(last + 1).map(({ key, model, label, note }) => ({ key, model, label, note }))).toEqual(
    others.map(({ kind, name }) => ({ key: kind, model: kind, label: name, note: 'not in the paper' })),
  )
  for (const { note } of systems.slice(0, last + 1)) expect(note).toBeNull()
})

describe('the candidates of a search', () => {
  const space = (changes: Partial<SearchSpace>): SearchSpace => ({
    model: 'nease',
    preset: null,
    overrides: { batchRows: 64 },
    grid: {},
    random: {},
    budget: 100,
    seed: 1,
    ...changes,
  })
  const grid = { loss: ['mse', 'focal'], gamma: [0, 1, 2] }

  it('are the whole grid if the budget allows, otherwise a sample of it', () => {
    expect(candidates(space({ grid })).map(({ label }) => label)).toEqual([
      'loss=mse gamma=0',
      'loss=mse gamma=1',
      'loss=mse gamma=2',
      'loss=focal gamma=0',
      'loss=focal gamma=1',
      'loss=focal gamma=2',
    ])
    const some = candidates(space({ grid, budget: 4 }))
    expect(new Set(some.map(({ label }) => label)).size).toBe(4)
    expect(some).toEqual(candidates(space({ grid, budget: 4 })))
    expect(candidates(space({ grid, budget: 4, seed: 2 }))).not.toEqual(some)
    expect(some[0]?.overrides).toMatchObject({ batchRows: 64 })
  })

  it('are drawn within their ranges, whole numbers for whole settings, evenly on the requested scale', () => {
    const random = { gamma: { low: 0.01, high: 10, log: true }, batchRows: { low: 1, high: 3, log: false } }
    const drawn = candidates(space({ random, budget: 200 }))
    expect(drawn).toHaveLength(200)
    const gammas = drawn.map(({ overrides }) => Number(overrides['gamma']))
    for (const gamma of gammas) expect(gamma >= 0.01 && gamma <= 10).toBe(true)
    // Evenly on the logarithmic scale a third of the draws lies in each of the three powers of ten.
    for (const power of [0.01, 0.1, 1]) {
      const share = gammas.filter((gamma) => gamma >= power && gamma < power * 10).length / 200
      expect(share).toBeGreaterThan(0.2)
      expect(share).toBeLessThan(0.47)
    }
    expect(new Set(drawn.map(({ overrides }) => overrides['batchRows']))).toEqual(new Set([1, 2, 3]))
    const narrow = { batchRows: { low: 1, high: 3, log: false } }
    expect(candidates(space({ random: narrow, budget: 50 }))).toHaveLength(3)
  })

  it.each([
    [{}, 'nothing to search'],
    [{ grid: { nonsense: [1] } }, 'no setting “nonsense”'],
    [{ grid: { loss: ['hinge'] } }, '“hinge” cannot be used for loss'],
    [{ random: { nonsense: { low: 0, high: 1, log: false } } }, 'no setting “nonsense”'],
    [{ random: { loss: { low: 0, high: 1, log: false } } }, 'is not a number'],
    [{ random: { gamma: { low: 2, high: 1, log: false } } }, 'is not a range'],
    [{ random: { gamma: { low: 0, high: 1, log: true } } }, 'logarithmic'],
    [{ random: { gamma: { low: 50, high: 60, log: false } } }, 'cannot be used for gamma'],
  ] as const)('refuse %j', (changes, words) => {
    expect(() => candidates(space(changes as Partial<SearchSpace>))).toThrow(words)
  })
})
