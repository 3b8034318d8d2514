/** Words of an earlier private vocabulary, and what readers of recommender libraries expect instead. */
const replaced = new Map(
  Object.entries({
    addend: 'contribution, or term',
    amiss: 'problem',
    breath: 'yield to the event loop',
    casting: 'type conversion',
    conductor: 'scheduler',
    hollow: 'zero diagonal',
    hopeless: 'limit',
    hear: 'on event',
    heard: 'received',
    liker: 'user with positives',
    looked: 'examined, or sampled',
    orchestra: 'runner',
    scratch: 'temporary',
    settle: 'what it does, such as show or correct',
    withdraw: 'cancel',
    withdrawn: 'cancelled',
    workplace: 'worker context',
  }),
)

/** Words that are private only as the name of a field of the product; a local variable may be the part of a text. */
const replacedFields = new Map(
  Object.entries({ part: 'table or sheet of a file, held-out set of a split, factor of a product' }),
)

/** `packedLikers` → packed, likers. */
const wordsOf = (name) => name.split(/(?<=[a-z0-9])(?=[A-Z])|[_$]/).map((word) => word.toLowerCase())

const insteadOf = (words, word) => words.get(word) ?? words.get(word.replace(/s$/, ''))

const schemaMakers = new Set(['object', 'strictObject', 'looseObject', 'extend'])

/** Whether an identifier names a field of a type or of a zod schema. */
const isField = (node) => {
  const { parent } = node
  if (parent.key !== node) return false
  if (parent.type === 'TSPropertySignature') return true
  const call = parent.parent?.parent
  return call?.type === 'CallExpression' && schemaMakers.has(call.callee.property?.name)
}

/** Keeps private words from coming back in the names of things: one word, one meaning, the field's. */
const privateWords = {
  meta: {
    type: 'problem',
    messages: { replaced: 'Call this by the field’s word instead of “{{ word }}”: {{ instead }}.' },
    schema: [],
  },
  create: (context) => ({
    Identifier(node) {
      for (const word of wordsOf(node.name)) {
        const instead =
          insteadOf(replaced, word) ??
          (context.filename.includes('/src/') && isField(node) ? insteadOf(replacedFields, word) : undefined)
        if (instead) context.report({ node, messageId: 'replaced', data: { word, instead } })
      }
    },
  }),
}

export default { rules: { 'private-words': privateWords } }
