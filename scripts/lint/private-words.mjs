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
    orchestra: 'runner',
    scratch: 'temporary',
    workplace: 'worker context',
  }),
)

/** `packedLikers` → packed, likers. */
const wordsOf = (name) => name.split(/(?<=[a-z0-9])(?=[A-Z])|[_$]/).map((word) => word.toLowerCase())

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
        const instead = replaced.get(word) ?? replaced.get(word.replace(/s$/, ''))
        if (instead) context.report({ node, messageId: 'replaced', data: { word, instead } })
      }
    },
  }),
}

export default { rules: { 'private-words': privateWords } }
