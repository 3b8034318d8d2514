import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '../..')
const read = (...file) => readFileSync(path.join(root, ...file), 'utf8')
const modelFolder = 'src/main/models'
const commandFolder = 'src/main/cli/commands'

/** Kinds of models, each the name of a folder in `src/main/models`. */
export const kinds = readdirSync(path.join(root, modelFolder)).filter((folder) =>
  existsSync(path.join(root, modelFolder, folder, 'definition.ts')),
)
/** The name that people know a model by, as its definition has it. */
const names = kinds.map((kind) => {
  const name = /^ {2}name: '(.+)',$/m.exec(read(modelFolder, kind, 'definition.ts'))?.[1]
  if (name === undefined) throw new Error(`The definition of ${kind} has no line “name: '…',”.`)
  return name
})

/** The commands of the program: `vasp train`. */
const commands = readdirSync(path.join(root, commandFolder)).flatMap((file) =>
  Array.from(read(commandFolder, file).matchAll(/\bprogram\s*\.command\('([a-z]+)'/g), ([, command]) => command),
)

const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const anyOf = (words) => `(?:${words.map(literal).join('|')})`
const wholeWord = (words, flags) => new RegExp(`(?<![\\p{L}\\d_])${anyOf(words)}(?![\\p{L}\\d_])`, `gu${flags}`)

/** Phrases in which the word for a kind means something else, wherever they stand. */
const phrases = [
  // The program: its name, its commands, and its temporary folders.
  /\bVASP[ -]Studio\b/gi,
  /\bnpm run vasp\b/g,
  new RegExp(`\\bvasp ${anyOf(commands)}\\b`, 'g'),
  /^vasp-(?:[a-z]+-)+$/g,
  // How many training users have an item.
  /\b(?:by|from) popularity\b/gi,
  /\bitem-popularity\b/g,
  // Timing functions of style sheets.
  /\bease-(?:in-out|in|out)\b/g,
]

/** Files in which a text may be the word for a kind, because it means something else there; a kind that is compared is refused all the same. */
export const otherMeanings = [
  {
    word: 'vasp',
    means: 'the program',
    files: ['src/main/cli/program.ts'],
  },
  {
    word: 'vasp',
    means: 'the program’s cookie',
    files: ['src/main/serve/access.ts'],
  },
  {
    word: 'vasp',
    means: 'a word in the title of a paper',
    files: ['src/main/models/papers.ts'],
  },
  {
    word: 'popularity',
    means: 'the source of a list that no model could rank',
    files: [
      'src/main/cli/commands/recommend.ts',
      'src/main/cli/export-options.ts',
      'src/main/explaining/grounds.ts',
      'src/main/explaining/lists.spec.ts',
      'src/main/exporting/lists.ts',
      'src/main/jobs/specification.ts',
      'src/renderer/pages/exports/ExportDialog.spec.ts',
      'src/renderer/pages/exports/ExportDialog.vue',
      'src/shared/explore.ts',
      'src/shared/exports.ts',
    ],
  },
  {
    word: 'popularity',
    means: 'a column: how many training users have an item',
    files: [
      'src/main/cli/commands/map.ts',
      'src/main/store/maps.ts',
      'src/main/store/migrations/002-maps.ts',
      'src/renderer/pages/map/map-csv.spec.ts',
      'src/renderer/pages/map/map-csv.ts',
    ],
  },
]

/** Specs of other folders that need real models, and why; all others invent them or take them from the definitions. */
export const specsWithModels = [
  // The paper's tables and the runs that they consist of.
  'src/main/experiments/plan.spec.ts',
  'src/main/experiments/scheduler.spec.ts',
  'src/main/experiments/tables.spec.ts',
  // What the paper's product is explained by, and the columns of its members, which no version may rename.
  'src/main/explaining/explain.spec.ts',
  'src/main/explaining/sensitivity/sensitivity.spec.ts',
  'src/main/exporting/recommendations-csv.spec.ts',
  // Settings, products and steps by example: of models that have such settings, such members or no noise.
  'src/main/models/config.spec.ts',
  'src/main/models/gradient-accumulation.spec.ts',
  'src/main/models/gradient-model.spec.ts',
  // Rows as earlier versions stored them.
  'src/main/store/migrations/*.spec.ts',
]

/** Files of src that may name models. */
export const filesWithModels = [
  ...kinds.map((kind) => `${modelFolder}/${kind}/**`),
  // The paper's tables, as recipes and as published.
  'src/main/experiments/recipes.ts',
  'src/main/experiments/published.ts',
  ...specsWithModels,
]

const inTexts = wholeWord([...kinds, ...names], 'i')
/** The first model that a text names, apart from phrases and allowed words with another meaning. */
function namedIn(text, allowed = []) {
  const bare = phrases.reduce((rest, phrase) => rest.replace(phrase, ' '), text)
  return Array.from(bare.matchAll(inTexts), ([word]) => word).find((word) => !allowed.includes(word.toLowerCase()))
}

/** Kinds that are words of sentences as well; their names in comments are capitals. */
const ordinary = ['ease', 'popularity', 'slim', 'vasp']
const inComments = wholeWord(
  [...kinds, ...names].filter((word) => word !== 'Popularity' && !ordinary.includes(word)),
  '',
)
const cites = /\bpaper|\bauthors\b|\bet al\b|\bprotocol\b|\b(?:19|20)\d\d\b/i
function namedInComment(comment) {
  if (cites.test(comment)) return undefined
  return phrases.reduce((rest, phrase) => rest.replace(phrase, ' '), comment).match(inComments)?.[0]
}

/** Identifiers of the program: its environment variables, its command line, and the paper that several models cite. */
const ofProgram = /^(?:VASP_[A-Z_]+|vaspProgram)$/
/** In identifiers `popularity` is how many training users have an item. */
const inIdentifiers = kinds.filter((kind) => kind !== 'popularity')
const asWords = wholeWord(inIdentifiers, '')
/** Short kinds are parts of other words. */
const asParts = new RegExp(anyOf(inIdentifiers.filter((kind) => kind.length > 4).map((kind) => kind.replace('-', ''))))
/** isMultDae → is-mult-dae, EASEWeights → ease-weights */
const hyphenated = (name) => name.replace(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_/g, '-').toLowerCase()
function namedInIdentifier(name) {
  if (ofProgram.test(name)) return undefined
  const lower = name.toLowerCase()
  return inIdentifiers.includes(lower) ? lower : (hyphenated(name).match(asWords)?.[0] ?? asParts.exec(lower)?.[0])
}

/** Whether a text is compared with a kind, is a case of one, or the value of one. */
function isKind(node) {
  const { parent } = node
  const asksKind = (asked) => /^(?:kind|model)$/.test(asked?.name ?? asked?.property?.name ?? asked?.property?.value)
  if (parent.type === 'BinaryExpression') return asksKind(parent.left === node ? parent.right : parent.left)
  if (parent.type === 'SwitchCase') return asksKind(parent.parent.discriminant)
  return parent.type === 'Property' && parent.value === node && asksKind(parent.key)
}

/** `\bname\b` → ` name ` */
const withoutEscapes = (pattern) => pattern.replace(/\\[a-zA-Z]/g, ' ')

/**
 * Only files of its folder name a model: kinds, names and sentences come from `src/main/models/<kind>/definition.ts`, so that a model is added
 * by its folder alone. Texts, types, keys, patterns, import paths and identifiers may not contain a kind or a name as a word. Comments may name a
 * model if they cite a paper or its authors.
 */
const modelNames = {
  meta: {
    type: 'problem',
    messages: {
      named:
        'This names the model “{{ name }}”: ask the definitions in src/main/models (or runs.models of the contract) instead.',
    },
    schema: [],
  },
  create(context) {
    const file = path.relative(root, context.filename).replaceAll(path.sep, '/')
    const allowed = otherMeanings.filter(({ files }) => files.includes(file)).map(({ word }) => word)
    const report = (node, name) => {
      if (name !== undefined) context.report({ node, messageId: 'named', data: { name } })
    }
    const text = (node, value) => report(node, namedIn(value, isKind(node) ? [] : allowed))
    const identifier = (node) => report(node, namedInIdentifier(node.name))
    const visitor = {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) report(comment, namedInComment(comment.value))
      },
      Literal(node) {
        if (node.regex) text(node, withoutEscapes(node.regex.pattern))
        else if (typeof node.value === 'string') text(node, node.value)
      },
      TemplateElement: (node) => text(node, node.value.raw),
      Identifier: identifier,
      PrivateIdentifier: identifier,
    }
    const inTemplates = {
      ...visitor,
      VText: (node) => text(node, node.value),
      VLiteral: (node) => text(node, node.value),
    }
    return context.sourceCode.parserServices.defineTemplateBodyVisitor?.(inTemplates, visitor) ?? visitor
  },
}

export default { rules: { 'model-names': modelNames } }
