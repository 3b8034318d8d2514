import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { StudioError } from '../../shared/errors'
import { isEffective, modelDescriptor, ruleOf, type ModelConfig, type ModelKind } from '../../shared/models'
import { configure, describeModels, fieldsOf, modelOf, models, storedModel } from './registry'

const refusal = (kind: ModelKind, preset: string | null, overrides: ModelConfig): string => {
  try {
    configure(modelOf(kind), preset, overrides)
  } catch (error) {
    if (error instanceof StudioError && error.code === 'BAD_INPUT') return `${error.message} ${error.next}`
    throw error
  }
  return 'accepted'
}

describe('every model', () => {
  it.each(models.map((entry) => [entry.kind, entry] as const))(
    '%s has complete presets, one of them its default',
    (_, entry) => {
      expect(entry.presets.map(({ name }) => name)).toContain(entry.defaultPreset)
      for (const { name, config } of entry.presets) {
        const complete = configure(entry, name, {}).config
        expect(complete).toMatchObject(config)
        expect(Object.keys(complete).sort()).toEqual(Object.keys(entry.settings.shape).sort())
        expect(entry.settings.safeParse(complete).success).toBe(true)
      }
    },
  )

  it('gives a setting the same meaning as the other members of a product', () => {
    const meanings = new Map<string, Set<string>>()
    for (const { member } of models)
      for (const field of member ? fieldsOf(z.object(member.settings)) : [])
        meanings.set(field.key, (meanings.get(field.key) ?? new Set()).add(JSON.stringify(field)))
    expect(meanings.size).toBeGreaterThan(5)
    for (const [key, fields] of meanings) expect([...fields], key).toHaveLength(1)
  })

  it('describes itself as the contract requires, with a field for every key', () => {
    const descriptors = describeModels()
    expect(descriptors.map((descriptor) => modelDescriptor.parse(descriptor))).toEqual(descriptors)
    const fields = descriptors.find(({ kind }) => kind === 'vasp')?.fields ?? []
    expect(fields.find(({ key }) => key === 'hidden')).toMatchObject({ type: 'number', integer: true, min: 1 })
    expect(fields.find(({ key }) => key === 'heads')).toMatchObject({ type: 'choice', options: ['1', '2'] })
    expect(fields.find(({ key }) => key === 'augment')).toMatchObject({ type: 'boolean' })
    expect(fields.find(({ key }) => key === 'stages')).toMatchObject({ type: 'text' })
  })
})

describe('the settings of a product', () => {
  it('that belong to some members matter only where one of those is in the product', () => {
    for (const { fields, presets } of describeModels()) {
      const list = fields.find(({ type, key }) => type === 'several' && key === 'members')
      if (!list) {
        expect(fields.every(({ onlyWith }) => onlyWith === null)).toBe(true)
        continue
      }
      for (const kind of list.type === 'several' ? list.options : []) {
        const own = Object.keys(modelOf(kind).member?.settings ?? {})
        const effective = fields.filter((field) => isEffective(field, (key) => (key === 'members' ? kind : null)))
        const of = (field: (typeof fields)[number]): boolean => field.onlyWith !== null
        expect(
          effective
            .filter(of)
            .map(({ key }) => key)
            .sort(),
          kind,
        ).toEqual(
          fields
            .filter(of)
            .map(({ key }) => key)
            .filter((key) => own.includes(key))
            .sort(),
        )
      }
      expect(presets.length).toBeGreaterThan(0)
    }
  })

  it('say in words what may be typed, wherever something is typed', () => {
    const rules = describeModels().flatMap(({ fields }) => fields.map((field) => [field.type, ruleOf(field)] as const))
    for (const [type, rule] of rules)
      if (type === 'number' || type === 'text') expect(rule).toMatch(/^[A-Z].*\.$/)
      else expect(rule).toBeNull()
    expect(rules.length).toBeGreaterThan(50)
  })
})

describe('a config stored before a setting existed', () => {
  it('is completed with the defaults of that time', () => {
    const { neaseRate, neaseEpsilon, training, encoderDepth, decoderDepth, ...stored } = configure(
      modelOf('vasp'),
      'paper',
      {},
    ).config
    expect(storedModel({ model: 'vasp', config: stored }).config).toEqual({
      ...stored,
      neaseRate,
      neaseEpsilon,
      training,
      encoderDepth,
      decoderDepth,
    })
    expect([neaseRate, neaseEpsilon, training, encoderDepth, decoderDepth]).toEqual([1, 1e-7, 'joint', 7, 5])
  })

  it('is refused, naming the key, if only another version can have stored it', () => {
    expect(() => storedModel({ model: 'ease', config: { lambdas: '5', penalty: 'l1' } })).toThrow(
      /settings of this EASE run cannot be read.*penalty/,
    )
    expect(() => storedModel({ model: 'perceptron', config: {} })).toThrow(/no model “perceptron”/)
  })
})

describe('the fields of a config', () => {
  it('say what every whole number counts', () => {
    const counts = describeModels().flatMap(({ kind, fields }) =>
      fields.flatMap((field) => (field.type === 'number' && field.integer ? [{ kind, ...field }] : [])),
    )
    expect(counts.length).toBeGreaterThan(20)
    expect(counts.filter(({ unit }) => unit === null).map(({ kind, key }) => `${kind}.${key}`)).toEqual([])
  })
})

describe('a parsed config', () => {
  it('has stages as numbers, however they are written', () => {
    const { loop } = configure(modelOf('nease'), null, { stages: ' 1e-3 x15, 0.5e-4x2' })
    expect(loop?.stages).toEqual([
      { learningRate: 1e-3, epochs: 15 },
      { learningRate: 0.5e-4, epochs: 2 },
    ])
    for (const stages of ['', 'fast', '1e-3', '1e-3x0', '0x5', '1e-3x5,', '-1x3', '1e-3x1.5'])
      expect(refusal('nease', null, { stages })).toMatch(/cannot be used for stages/)
  })
})

describe('resolving a config', () => {
  it('converts text from the command line', () => {
    const { config } = configure(modelOf('vasp'), null, { hidden: '64', augment: 'false', heads: 1, alpha: '.5' })
    expect(config).toMatchObject({ hidden: 64, augment: false, heads: '1', alpha: 0.5 })
  })

  it('names key, value and the allowed values', () => {
    expect(refusal('vasp', null, { hidden: '0' })).toMatch(
      /“0” cannot be used for hidden of VASP\. Allowed: a whole number from 1 to/,
    )
    expect(refusal('vasp', null, { hidden: 'wide' })).toMatch(/“wide”.*hidden/)
    expect(refusal('vasp', null, { hidden: '' })).toMatch(/hidden/)
    expect(refusal('vasp', null, { hidden: 2.5 })).toMatch(/a whole number/)
    expect(refusal('vasp', null, { heads: '3' })).toMatch(/one of 1, 2/)
    expect(refusal('vasp', null, { augment: 'yes' })).toMatch(/true or false/)
    expect(refusal('vasp', null, { stages: '1e-3' })).toMatch(/“1e-3” cannot be used for stages.*1e-3x15,1e-4x5/)
    expect(refusal('ease', null, { lambdas: '20,0' })).toMatch(
      /“20,0” cannot be used for lambdas.*Allowed: numbers above 0, separated by commas/,
    )
    expect(refusal('ease', null, { lambdas: '200' })).toBe('accepted')
  })

  it('takes any known members, each once', () => {
    const allowed = /One or more of flvae, nease, .*separated by commas, each at most once/
    expect(refusal('hadamard', null, { members: 'flvae, nease,mult-dae' })).toBe('accepted')
    expect(refusal('hadamard', null, { members: 'nease,ease' })).toMatch(/“nease,ease” cannot be used for members/)
    expect(refusal('hadamard', null, { members: 'nease,nease' })).toMatch(allowed)
    expect(refusal('hadamard', null, { members: '' })).toMatch(allowed)
    const fields = describeModels().find(({ kind }) => kind === 'hadamard')?.fields ?? []
    expect(fields.find(({ key }) => key === 'members')).toMatchObject({ type: 'several' })
  })

  it('names the known keys and presets', () => {
    expect(refusal('vasp', null, { width: 3 })).toMatch(
      /no setting “width”.*hidden, latent, precision, heads, encoderDepth/,
    )
    expect(refusal('popularity', null, { width: 3 })).toMatch(/It has no settings/)
    expect(refusal('vasp', 'huge', {})).toMatch(/no preset “huge”.*compact, reference-code, paper/)
  })
})
