import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Linter } from 'eslint'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'
import { describe, expect, it } from 'vitest'
import models, { kinds, otherMeanings, specsWithModels } from './model-names.mjs'

const root = path.join(import.meta.dirname, '../..')
const linter = new Linter({ cwd: root })
const config = [
  { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } },
  ...vue.configs['flat/base'],
  { files: ['**/*.vue'], languageOptions: { parserOptions: { parser: tseslint.parser } } },
  { plugins: { models }, rules: { 'models/model-names': 'error' } },
]

/** The models that the rule finds in a text, in order. */
function named(text, file = 'src/shared/example.ts') {
  const messages = linter.verify(text, config, path.join(root, file))
  return messages.map(({ ruleId, message }) => {
    expect(ruleId, message).toBe('models/model-names')
    return /“(.+)”/.exec(message)[1]
  })
}

it('knows the folders of src/main/models that have a definition', () => {
  expect(kinds).toEqual(expect.arrayContaining(['ease', 'mult-vae', 'popularity', 'vasp']))
  expect(kinds).not.toContain('layers')
})

describe('refuses a kind as', () => {
  it.each([
    ['an import path', "import { definition } from './vasp/definition'"],
    ['an import path', "import { definition } from './popularity/definition'"],
    ['an import path', "import { create } from '../main/models/mult-dae/model'"],
    ['a dynamic import path', "void import('./vasp/model')"],
    ['a text to compare with', "export const yes = kind === 'vasp'"],
    ['a text to compare with', "export const yes = run.model !== 'popularity'"],
    ['a text to compare with', "export const yes = theModel === 'vasp'"],
    ['a text to compare with', "export const yes = kindOf(run) === 'vasp'"],
    ['a text to compare with', "export const yes = run['kind'] === 'vasp'"],
    ['a template to compare with', 'export const yes = kind === `vasp`'],
    ['an element', "export const yes = ['vasp', other].includes(run.model)"],
    ['an element', "export const yes = new Set([other, 'popularity']).has(run.model)"],
    ['an argument', "export const model = modelOf('vasp')"],
    ['an argument', "export const yes = kind.startsWith('vasp')"],
    ['a constant', "const chosen: ModelKind = 'vasp'"],
    ['a value', "export const run = { model: 'vasp' }"],
    ['a type', "type Kind = 'vasp'"],
    ['a type', 'type Kind = `popularity`'],
    ['a key', 'export const order = { vasp: 1 }'],
    ['a key', "export const order = { 'popularity': 1 }"],
    ['a key', "export const order = { ['vasp']: 1 }"],
    ['a key', 'export const sum = x.ease'],
    ['a key', "export const sum = x['ease']"],
    ['a key of a type', 'interface Order { vasp: number }'],
    ['a private field', 'class Order { #vasp = 1 }'],
    ['a pattern', 'export const yes = /nease/.test(kind)'],
    ['a pattern', 'export const yes = /^\\bvasp\\b/.test(kind)'],
    ['a pattern', 'export const yes = /^(?:popularity)$/.test(kind)'],
    ['a case', "switch (kind) { case 'vasp': break }"],
    ['a member of a list', "export const members = 'x, vasp'"],
    ['an option', "export const line = '$ vasp train --model vasp'"],
    ['a text within a text', 'export const sql = "SELECT 1 WHERE model = \'popularity\'"'],
    ['a part of a template', 'export const line = `vasp ${rest}`'],
    ['a part of a name', "export const preset = 'nease-only'"],
    ['a part of a name', "export const preset = 'vasp-denoising'"],
    ['a variable', 'const vasp = 1'],
    ['a function', 'function isVasp() {}'],
    ['a function', 'function trainEase() {}'],
    ['a class', 'class MultDaeModel {}'],
    ['an abbreviation', 'class EASEWeights {}'],
    ['a long part of an identifier', 'const neaseweights = 1'],
  ])('%s: %s', (_what, text) => {
    expect(named(text)).toHaveLength(1)
  })

  it('each of several', () => {
    expect(named("export const yes = ['vasp', 'popularity'].includes(run.model)")).toEqual(['vasp', 'popularity'])
    expect(named("type Kind = 'vasp' | 'popularity' | 'slim'")).toEqual(['vasp', 'popularity', 'slim'])
    expect(named('export const sum = x.ease + x.slim')).toEqual(['ease', 'slim'])
  })

  it.each(kinds)('a text: %s', (kind) => {
    expect(named(`export const kind = '${kind}'`)).toEqual([kind])
  })

  it('a text, an attribute or an expression of a template', () => {
    const file = 'src/renderer/Example.vue'
    expect(named('<template><p>EASE is best</p></template>', file)).toEqual(['EASE'])
    expect(named('<template><p title="Mult-DAE" /></template>', file)).toEqual(['Mult-DAE'])
    expect(named('<template><p v-if="run.model === \'vasp\'" /></template>', file)).toEqual(['vasp'])
    expect(named('<script setup lang="ts">const kind = "vasp"</script><template><p /></template>', file)).toEqual([
      'vasp',
    ])
  })

  it('a comment that cites no paper', () => {
    expect(named('// As NEASE does.')).toEqual(['NEASE'])
    expect(named('// As NEASE does (Vančura et al.).')).toEqual([])
  })
})

describe('allows', () => {
  it.each([
    "export const title = 'VASP Studio'",
    "export const next = 'Run npm run vasp -- setup in the VASP Studio folder.'",
    "export const next = 'See vasp doctor, or vasp library check.'",
    "export const folder = mkdtemp('vasp-recipe-')",
    'process.env.VASP_LIBRARY = folder',
    "export const file = 'train.vasprun'",
    "export const order = 'sorted by popularity'",
    "export const source = 'The list comes from popularity.'",
    "export const axis = 'item-popularity'",
    'export const count = item.popularity',
    "export const style = 'transition ease-in-out'",
    "export const words = ['release', 'increase', 'slimmer', 'initials', 'disease']",
    'function release(eased: number) { return eased }',
    'export const yes = /release/.test(text)',
    '/** With ease: `vasp train` needs VASP_LIBRARY. */',
  ])('words with another meaning: %s', (text) => {
    expect(named(text)).toEqual([])
  })

  it('a word only in the files that are listed with its other meaning, and not as a kind', () => {
    const [listed, text] = ['src/shared/explore.ts', "export const source = 'popularity'"]
    expect(named(text, listed)).toEqual([])
    expect(named(text)).toEqual(['popularity'])
    expect(named("export const source = 'vasp'", listed)).toEqual(['vasp'])
    expect(named("export const yes = run.model === 'popularity'", listed)).toEqual(['popularity'])
    expect(named("export const yes = run['kind'] === 'popularity'", listed)).toEqual(['popularity'])
  })
})

it.each(otherMeanings.flatMap(({ word, files }) => files.map((file) => [file, word])))(
  '%s would be refused without its entry for “%s”',
  (file, word) => {
    const copy = path.join(path.dirname(file), `copy-of-${path.basename(file)}`)
    expect(named(readFileSync(path.join(root, file), 'utf8'), copy).map((found) => found.toLowerCase())).toContain(word)
  },
)

it.each(specsWithModels)('%s would be refused if it were not listed', (pattern) => {
  const files = globSync(pattern, { cwd: root })
  expect(files.flatMap((file) => named(readFileSync(path.join(root, file), 'utf8'), file))).not.toEqual([])
})
