import { parse } from 'csv-parse/sync'
import { describeModels } from '../../src/main/models/registry'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StudioError } from '../../src/shared/errors'
import { experimentTable, type ExperimentTable } from '../../src/shared/experiments'
import type { DatasetId, RunId } from '../../src/shared/ids'
import {
  contrastText,
  defaultHeldOut,
  descriptionSentence,
  markedProtocols,
  preparationDescription,
  protocolDescription,
  protocolKeys,
  protocolLabel,
  protocolValues,
  sameProtocol,
  samePreparation,
  type Protocol,
  type ProtocolKey,
} from '../../src/shared/protocol'
import {
  defaultPreparation,
  defaultSplit,
  preparation,
  recallDenominator,
  splitMethod,
  splitSettings,
  splitSummary,
  type SplitSummary,
  type Preparation,
  type SplitFileRef,
  type SplitSettings,
} from '../../src/shared/runs'
import { preparationsText } from '../../src/main/cli/commands/prepare'
import { experimentTablesText } from '../../src/main/cli/experiment-text'
import { prepareData } from '../../src/main/datasets/prepare'
import type { PreparedData } from '../../src/main/datasets/prepared'
import { splitByUser } from '../../src/main/datasets/split'
import { prepareByFile, splitFileOf } from '../../src/main/datasets/split-by-file'
import type { SplitFile } from '../../src/main/datasets/split-file'
import { writeRatings, type Ratings } from '../../src/main/datasets/written-dataset.fixture'
import { combination } from '../../src/main/engine/members'
import { identicalRun } from '../../src/main/experiments/identical-run'
import { expand, recipeOf, settingsOf } from '../../src/main/experiments/plan'
import {
  finishRun,
  plantedLibrary,
  plantRun,
  requestOf,
  type PlantedLibrary,
} from '../../src/main/experiments/planted-runs.fixture'
import { notesOf } from '../../src/main/experiments/table-notes'
import { tableFile } from '../../src/main/exporting/tables/table-file'
import { comparable, missingBaselines, pending } from '../../src/renderer/pages/runs/comparison'
import { protocolDraft, protocolForm } from '../../src/renderer/pages/runs/protocol-draft'

const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const file: fc.Arbitrary<SplitFileRef> = fc
  .stringMatching(/^[0-9a-f]{64}$/)
  .map((sha256) => ({ name: 'split.json', sha256 }))
const seed = fc.integer({ min: 0, max: 1_000_000 })
const share = fc.integer({ min: 1, max: 999 }).map((n) => n / 1000)
const size = fc.integer({ min: 1, max: 5_000 })
const open = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(some, { nil: null })

/** A value of each setting; a day and a file are there whether or not the split looks at them, so that its method can change alone. */
const values: {
  readonly [Key in keyof (Preparation & SplitSettings)]: fc.Arbitrary<(Preparation & SplitSettings)[Key]>
} = {
  threshold: open(fc.integer({ min: -20, max: 200 }).map((n) => n / 2)),
  minInteractions: fc.integer({ min: 1, max: 2_000 }),
  minPerItem: fc.integer({ min: 1, max: 2_000 }),
  from: open(day),
  until: open(day),
  mostPopular: open(fc.oneof(size, fc.record({ share, of: open(size) }))),
  sample: open(share),
  sampleSeed: seed,
  catalogue: fc.constantFrom('train', 'all'),
  method: fc.constantFrom(...splitMethod.options),
  seed,
  test: open(size),
  validation: open(size),
  foldIn: share.filter((some) => some >= 0.05 && some <= 0.95),
  date: day,
  file,
  recallDenominator: fc.constantFrom(...recallDenominator.options),
}

const settings = fc.record(values)
const protocolOf = (all: Preparation & SplitSettings): Protocol => ({
  preparation: preparation.parse(all),
  split: splitSettings.parse(all),
})

/** Two protocols that differ in one setting and nothing else. */
const pairs = (key: ProtocolKey): fc.Arbitrary<readonly [Protocol, Protocol]> =>
  fc
    .tuple(settings, values[key] as fc.Arbitrary<unknown>)
    .filter(([one, other]) => JSON.stringify(one[key]) !== JSON.stringify(other))
    .map(([one, other]) => [protocolOf(one), protocolOf({ ...one, [key]: other })])

let library: PlantedLibrary
beforeAll(() => (library = plantedLibrary()))
afterAll(() => library.remove())

function finished({ preparation, split }: Protocol, model: 'nease' | 'ease'): RunId {
  const { store, dataset } = library
  const run = plantRun(store, {
    dataset,
    model,
    preset: null,
    overrides: {},
    seed: 1,
    preparation,
    split,
    name: null,
    members: null,
  })
  finishRun(store, run, [0.1, 0.2, 0.3])
  return run
}

const refuses = (act: () => unknown): boolean => {
  try {
    act()
    return false
  } catch (error) {
    expect(error).toMatchObject({ code: 'BAD_INPUT' })
    return true
  }
}

function tableBy(protocol: Protocol): ExperimentTable {
  const table = experimentTable.parse({
    title: 'Comparison',
    dataset: 1,
    datasetName: 'films',
    datasetVersion: 1,
    valueKind: 'rating',
    ...protocol,
    heldOut: 'test',
    segment: null,
    metrics: [],
    users: 60,
    seeds: [1],
    rows: [
      {
        ...{ key: 'a', label: 'EASE', model: 'ease', preset: null, overrides: {}, runs: [1] },
        ...{ missing: 0, failed: [], combined: [], cells: {}, seconds: 1, published: {} },
      },
    ],
    published: null,
    significance: null,
    notes: [],
  })
  return { ...table, notes: notesOf(table, null, []) }
}

const csvRow = (table: ExperimentTable): unknown => parse(tableFile('x', [table], 'csv').text, { columns: true })

/** Tables in each format, for people. */
const formats: Readonly<Record<string, (tables: readonly ExperimentTable[]) => string>> = {
  Markdown: (tables) => tableFile('x', tables, 'markdown').text,
  LaTeX: (tables) => tableFile('x', tables, 'latex').text,
  'the terminal': experimentTablesText,
}

/** Everything that compares, combines, plans or describes by protocol: whether it distinguishes two. */
const users: Readonly<Record<string, (a: Protocol, b: Protocol) => boolean>> = {
  'the comparison of the run page': (a, b) => {
    const { store } = library
    const [one, other] = [store.runs.get(finished(a, 'nease')), store.runs.get(finished(b, 'ease'))]
    const apart = comparable(one, [other]).length === 1
    expect(missingBaselines(one, [other], describeModels()).includes('ease')).toBe(apart)
    const waiting = { ...other, test: null, status: { state: 'queued' as const } }
    expect(pending(one, [waiting]).length === 0).toBe(apart)
    return apart
  },
  'combining runs': (a, b) => {
    const { store, dataset } = library
    const [one, other] = [finished(a, 'nease'), finished(b, 'nease')]
    const request = (by: Protocol) => ({
      ...{ dataset, model: 'hadamard' as const, preset: null, overrides: {}, seed: 1, name: null, members: null },
      ...by,
    })
    const apart = refuses(() => combination({ store }, request(a), [one, other]))
    const same = finished(a, 'nease')
    // What the request says itself is compared as well, but for sizes that it leaves to its runs.
    const said = {
      ...b,
      split: { ...b.split, test: b.split.test ?? a.split.test, validation: b.split.validation ?? a.split.validation },
    }
    expect(refuses(() => combination({ store }, request(said), [one, same]))).toBe(differs(a, said))
    return apart
  },
  'reuse of identical runs': (a, b) => {
    const { store, dataset } = library
    const run = finished(a, 'nease')
    const planned = (by: Protocol) => {
      const subject = {
        kind: 'custom' as const,
        systems: [{ model: 'nease' as const, preset: null, overrides: {}, label: null }],
      }
      const [one] = expand(
        recipeOf(
          { ...requestOf(dataset, subject), preparations: [by.preparation], splits: [by.split] },
          () => 'rating',
        ),
      )
      return one!
    }
    expect(identicalRun(store, planned(a), [])).toBe(run)
    return identicalRun(store, planned(b), []) !== run
  },
  'the settings of an experiment': (a, b) => {
    const { dataset } = library
    const request = {
      ...requestOf(dataset, { kind: 'table-1', presets: 'small' }),
      preparations: [a.preparation, b.preparation],
      splits: [a.split, b.split],
    }
    const recipe = recipeOf(request, () => 'rating')
    const all = settingsOf(recipe).map((setting) => ({ ...setting, dataset: 1 }))
    return all.some((one) => !sameProtocol({ ...a, dataset: 1 }, one))
  },
  'a table’s notes': (a, b) => tableBy(a).notes.join() !== tableBy(b).notes.join(),
  'a table in the terminal': (a, b) => experimentTablesText([tableBy(a)]) !== experimentTablesText([tableBy(b)]),
  CSV: (a, b) => JSON.stringify(csvRow(tableBy(a))) !== JSON.stringify(csvRow(tableBy(b))),
  Markdown: (a, b) => tableFile('x', [tableBy(a)], 'markdown').text !== tableFile('x', [tableBy(b)], 'markdown').text,
  LaTeX: (a, b) => tableFile('x', [tableBy(a)], 'latex').text !== tableFile('x', [tableBy(b)], 'latex').text,
  'a run’s record': (a, b) => {
    const text = (by: Protocol): string =>
      descriptionSentence(protocolDescription({ ...by, datasetName: 'films', datasetVersion: 1, valueKind: 'rating' }))
    return text(a) !== text(b)
  },
  'the marks of listed runs': (a, b) => {
    const listed = (id: number, by: Protocol) => ({
      ...{ id, dataset: 1, datasetName: 'films', datasetVersion: 1, valueKind: 'rating' as const },
      ...by,
    })
    const marked = markedProtocols([listed(2, b), listed(1, a)])
    const apart = marked.size > 0
    expect(marked.get(1)?.mark !== marked.get(2)?.mark).toBe(apart)
    // Each says what distinguishes it.
    if (apart) for (const id of [1, 2]) expect(marked.get(id)?.text).toMatch(/\w+.*\.$/)
    expect(marked.get(1)?.text !== marked.get(2)?.text).toBe(apart)
    return apart
  },
  'what is said to tell two protocols apart': (a, b) => contrastText(a, b) !== '',
  'the form': (a, b) => {
    const sent = (by: Protocol): Protocol => protocolForm({ users: 1_000_000 }).parse(protocolDraft(by))
    expect(protocolValues(sent(a))).toEqual(protocolValues(a))
    return differs(sent(a), sent(b))
  },
}

/** Whether two protocols measure differently on one data set. */
const differs = (a: Protocol, b: Protocol): boolean => !sameProtocol({ ...a, dataset: 1 }, { ...b, dataset: 1 })

/** Whether the setting, which is all that differs, has an effect in either. */
const hasEffect = (key: ProtocolKey, a: Protocol, b: Protocol): boolean =>
  protocolValues(a)[key] !== protocolValues(b)[key] || key === 'method'

describe.each(protocolKeys)('two protocols that differ in %s alone', (key) => {
  it.each(Object.keys(users))('are told apart by %s where it has an effect', (user) => {
    fc.assert(
      fc.property(pairs(key), ([a, b]) => {
        const told = users[user]!(a, b)
        for (const run of library.store.runs.list(null)) library.store.runs.delete(run.id)
        expect(told).toBe(hasEffect(key, a, b))
      }),
      { numRuns: 15 },
    )
  })
})

describe.each(protocolKeys)('tables by protocols that differ in %s alone', (key) => {
  const different = pairs(key).filter(([a, b]) => hasEffect(key, a, b))
  const label = protocolLabel(key).toLowerCase()

  it.each(Object.keys(formats))('state it alone and beside each other in %s', (format) => {
    fc.assert(
      fc.property(different, ([a, b]) => {
        const write = formats[format]!
        const tables = [tableBy(a), tableBy(b)]
        for (const table of tables) {
          expect(write([table]).toLowerCase()).toContain(label)
          const empty = { ...table, rows: table.rows.map((row) => ({ ...row, runs: [] })) }
          expect(write([{ ...empty, notes: notesOf(empty, null, []) }]).toLowerCase()).toContain(label)
        }
        // Side by side, their titles differ.
        const titles = [...write(tables).matchAll(/(?:^|### |caption\{)Comparison, films.*?(?=\n|\. )/gm)].map(
          ([title]) => title,
        )
        expect(titles).toHaveLength(2)
        expect(titles[0]).not.toBe(titles[1])
        for (const title of titles) expect(title.toLowerCase()).toContain(label)
      }),
      { numRuns: 15 },
    )
  })

  it('have different cells that are not empty in CSV', () => {
    const column = protocolKeys.indexOf(key) + 2
    fc.assert(
      fc.property(different, (both) => {
        const [, ...rows] = parse(tableFile('x', both.map(tableBy), 'csv').text)
        const cells = rows.map((row) => row[column])
        expect(cells).not.toContain('')
        expect(new Set(cells).size).toBe(2)
      }),
      { numRuns: 15 },
    )
  })
})

describe('settings without effect', () => {
  it('include the threshold if interactions have no values', () => {
    fc.assert(
      fc.property(pairs('threshold'), ([a, b]) => {
        expect(sameProtocol({ ...a, dataset: 1, valueKind: 'none' }, { ...b, dataset: 1 })).toBe(true)
        expect(sameProtocol({ ...a, dataset: 1, valueKind: 'count' }, { ...b, dataset: 1 })).toBe(false)
        const described = [a, b].map((by) =>
          protocolDescription({ ...by, datasetName: 'clicks', datasetVersion: 1, valueKind: 'none' }),
        )
        expect(described[0]).toEqual(described[1])
      }),
    )
  })

  let dataset: DatasetId
  let file: SplitFile
  /** Twelve that many users have, and one each of their own that eight users have as their last item. */
  const items = 20
  beforeAll(() => {
    const secondsPerDay = 86_400
    const start = Date.parse('2010-01-01T00:00:00Z') / 1000
    const histories: Ratings = Object.fromEntries(
      Array.from({ length: 40 }, (_, user) => [
        `u${user}`,
        // 5 and 12 have no common divisor, so that no item occurs twice.
        Array.from({ length: 5 + (user % 7) }, (__, at) => {
          const last = at === 4 + (user % 7)
          const item = last && user < 8 ? 12 + user : (user + 5 * at) % 12
          return [item, last ? 5 : 1 + ((user + at) % 5), start + secondsPerDay * ((user % 14) + at)] as const
        }),
      ]),
    )
    dataset = writeRatings(library.store, 'dated', items, histories)
    const by = {
      preparation: { ...defaultPreparation, threshold: null, minInteractions: 1 },
      split: { ...defaultSplit, test: 3, validation: 3 },
    }
    const divided = prepareData(library.store, dataset, by.preparation, by.split)
    file = splitFileOf(library.store, dataset, by.preparation, divided)
  })

  const smallDay = fc.integer({ min: 1, max: 28 }).map((n) => `2010-01-${String(n).padStart(2, '0')}`)
  const few = fc.integer({ min: 1, max: 4 })
  const chosen = fc.integer({ min: 6, max: 20 })
  const small = {
    ...values,
    threshold: open(few),
    minInteractions: few,
    minPerItem: few,
    from: open(smallDay),
    until: open(smallDay),
    mostPopular: open(fc.oneof(chosen, fc.record({ share: fc.constantFrom(0.7, 0.9), of: open(chosen) }))),
    sample: open(fc.constantFrom(0.7, 0.9)),
    test: open(few),
    validation: open(few),
    date: smallDay,
  }

  /** The effect of a protocol on the data: the users and their targets, or why there are none. */
  function outcome({ preparation, split }: Protocol): PreparedData | string {
    const { store } = library
    try {
      return split.method === 'file'
        ? prepareByFile(store, dataset, preparation, split, file, 'split.json')
        : prepareData(store, dataset, preparation, split)
    } catch (error) {
      if (error instanceof StudioError) return error.message
      throw error
    }
  }

  it('change nobody’s shown items, targets or training', () => {
    let divided = 0
    const pair = fc
      .record(small)
      .chain((one) =>
        fc
          .constantFrom(...protocolKeys)
          .chain((key) => fc.tuple(fc.constant(one), fc.constant(key), small[key] as fc.Arbitrary<unknown>)),
      )
      .map(([one, key, other]) => [protocolOf(one), protocolOf({ ...one, [key]: other })] as const)
      .filter(([a, b]) => JSON.stringify(a) !== JSON.stringify(b) && !differs(a, b))
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const [left, right] = [outcome(a), outcome(b)]
        expect(right).toEqual(left)
        if (typeof left !== 'string') divided++
      }),
      { numRuns: 150 },
    )
    expect(divided).toBeGreaterThan(75)
  })
})

it('takes a size that was left open for the number that it came to', () => {
  const summary = splitSummary.parse({
    ...{ items: 1, trainUsers: 480, validationUsers: 60, testUsers: 58, trainInteractions: 1, droppedUsers: 2 },
    filters: [{ filter: 'minimum', users: 600, items: 1, interactions: 1, rounds: 1 }],
    recallDenominator: 'min(k, |R|)',
  })
  const by = (test: number | null, splitSummary: SplitSummary | null) => ({
    dataset: 1,
    preparation: defaultPreparation,
    split: { ...defaultSplit, test },
    splitSummary,
  })
  expect(sameProtocol(by(null, summary), by(60, null))).toBe(true)
  expect(sameProtocol(by(60, summary), by(null, summary))).toBe(true)
  expect(sameProtocol(by(null, summary), by(58, summary))).toBe(false)
  expect(sameProtocol(by(null, null), by(60, null))).toBe(false)
  expect(sameProtocol(by(null, null), by(null, summary))).toBe(true)
})

it('lets the form hold out exactly the users that the split can', () => {
  const sizes = open(fc.integer({ min: 1, max: 120 }))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 130 }), sizes, sizes, (users, test, validation) => {
      const split = { ...defaultSplit, test, validation }
      const histories = Array.from({ length: users }, (_, user) => ({
        user,
        externalId: `u${user}`,
        items: Int32Array.of(0, 1),
        times: null,
      }))
      const { success } = protocolForm({ users }).safeParse(protocolDraft({ preparation: defaultPreparation, split }))
      expect(success).toBe(!refuses(() => splitByUser(histories, split)))
      if (success) expect(splitByUser(histories, split).test).toHaveLength(test ?? defaultHeldOut(users))
    }),
  )
})

it('tells preparations apart by their names’ description, and takes none for another', () => {
  fc.assert(
    fc.property(fc.constantFrom(...preparation.keyof().options).chain(pairs), ([a, b]) => {
      const text = (by: Protocol): string => descriptionSentence(preparationDescription(by.preparation))
      expect(text(a) === text(b)).toBe(samePreparation(a.preparation, b.preparation))
      const [, one, , , other] = preparationsText([
        { name: 'one', preparation: a.preparation },
        { name: 'other', preparation: b.preparation },
      ]).split('\n')
      expect([one?.trim(), other?.trim()]).toEqual([text(a), text(b)])
    }),
  )
})
