import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.join(import.meta.dirname, '../../src/main/models')

/** Kind and name of each model, as its folder says. */
const models = readdirSync(folder)
  .map((kind) => ({ kind, file: path.join(folder, kind, 'definition.ts') }))
  .filter(({ file }) => existsSync(file))
  .map(({ kind, file }) => ({ kind, name: /^ {2}name: '(.+)',$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? kind }))

/** Words with another meaning as well: the program, and the source of a list that no model could make. */
const ambiguous = ['vasp', 'popularity']
const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const anyOf = (words) => words.map(literal).join('|')

/** Kinds of models, each the name of a folder in `src/main/models`. */
export const kinds = models.map(({ kind }) => kind)
const exactly = new Set(kinds.filter((kind) => !ambiguous.includes(kind)))
const names = models.map(({ name }) => name).filter((name) => !ambiguous.includes(name.toLowerCase()))
const inText = new RegExp(`(?<![\\w-])(${anyOf(names)})(?![\\w-])|--model (${anyOf(kinds)})(?![\\w-])`)
/** Kinds that are words of English as well: a sentence may use them. */
const english = ['ease', 'slim']
/** A list of kinds (`slim,ials`), a kind in quotes within a text (as in SQL), and kinds that no sentence uses. */
const inLists = new RegExp(
  [
    `^(?:[\\w-]+=)?(${anyOf([...exactly])})(?:\\s*,\\s*[\\w-]+)+$`,
    `["'](${anyOf([...exactly])})["']`,
    `(?<![\\w-])(${anyOf([...exactly].filter((kind) => !english.includes(kind)))})(?![\\w-])`,
  ].join('|'),
)
/** Kinds that no sentence uses for anything else. */
const inComments = new RegExp(`(?<![\\w-])(${anyOf([...exactly].filter((kind) => !english.includes(kind)))})(?![\\w-])`)
const cites = /\bpaper|\bauthors\b|\bet al\b|\bprotocol\b|\b(?:19|20)\d\d\b/i
/** Short kinds are parts of other words. */
const inNames = new RegExp(
  anyOf(kinds.filter((kind) => kind.length > 4 && !ambiguous.includes(kind) && !kind.includes('-'))),
  'i',
)

/** Identifiers that ask for a model whose kind has another meaning as well: isVasp. */
const asksFor = new RegExp(`^is(${anyOf(ambiguous)})$`, 'i')

const nameOf = (node) => (node?.type === 'MemberExpression' ? node.property.name : node?.name)
const saysKind = (node) => /^(kind|model)$/.test(nameOf(node) ?? '')

/** Whether a text stands for a model because of its place: compared with a kind, a case of one, or the value of one. */
function isKind(node) {
  const { parent } = node
  if (parent.type === 'BinaryExpression') return saysKind(parent.left === node ? parent.right : parent.left)
  if (parent.type === 'SwitchCase') return saysKind(parent.parent.discriminant)
  return parent.type === 'Property' && parent.value === node && saysKind(parent.key)
}

/**
 * Only files of its folder name a model: kinds, names and sentences come from `src/main/models/<kind>/definition.ts`, so that a model is added
 * by its folder alone. Comments may name a model if they cite a paper or its authors.
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
    const report = (node, name) => context.report({ node, messageId: 'named', data: { name } })
    const text = (node, value) => {
      if (exactly.has(value)) return report(node, value)
      const found = inText.exec(value) ?? inLists.exec(value)
      if (found) report(node, found.slice(1).find(Boolean))
    }
    const comments = () => {
      for (const comment of context.sourceCode.getAllComments()) {
        const found = cites.test(comment.value) ? null : (inText.exec(comment.value) ?? inComments.exec(comment.value))
        if (found) report(comment, found.slice(1).find(Boolean))
      }
    }
    const visitor = {
      Program: comments,
      Literal(node) {
        if (typeof node.value !== 'string') return
        if (kinds.includes(node.value) && isKind(node)) report(node, node.value)
        else text(node, node.value)
      },
      TemplateElement: (node) => text(node, node.value.cooked ?? ''),
      Identifier(node) {
        const isKey = node.parent.type === 'Property' && node.parent.key === node && exactly.has(node.name)
        const found = isKey ? [node.name] : (asksFor.exec(node.name) ?? inNames.exec(node.name))
        if (found) report(node, found[0])
      },
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
