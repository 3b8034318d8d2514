import { badInput, notFound } from '../../shared/errors'
import type { Explanations, LinearSum, Recommendations, Who } from '../../shared/explore'
import { userHistory } from '../datasets/histories'
import { itemRef, memberOf, recommendedItem } from '../explaining/described-items'
import { explain, type ItemLinearSum } from '../explaining/explain'
import { recommend } from '../explaining/recommend'
import type { Question } from '../jobs/protocol'
import type { ServeSpecification } from '../jobs/specification'
import { loadRun, type LoadedRun } from './loaded-run'
import type { Store } from '../store/store'
import type { WorkerContext } from './worker-context'

/** Number of items explained by default. */
const explainedAtOnce = 10
/** Maximum number of examples in a message. */
const namedAtMost = 10

interface History {
  /** Model item indexes, distinct. */
  readonly items: Int32Array
  readonly unknown: string[]
}

/** Loads a run's model and answers `recommend` and `explain` with ids and titles until the process ends. */
export async function serveRun(
  { run: id }: ServeSpecification,
  context: WorkerContext,
): Promise<(question: Question) => Promise<unknown>> {
  const loaded = await loadRun(context.store, id)
  return (question) => {
    switch (question.kind) {
      case 'recommend':
        return recommendFor(context.store, loaded, question.who, question.k)
      case 'explain':
        return explainFor(context.store, loaded, question.who, question.item)
      default:
        throw new Error(`A loaded model cannot answer “${question.kind}”.`)
    }
  }
}

async function recommendFor(store: Store, loaded: LoadedRun, who: Who, k: number): Promise<Recommendations> {
  const history = historyOf(store, loaded, who)
  const { items } = loaded.catalogue
  const { source, items: ranked } = await recommend(loaded.model, history.items, k, loaded.popularity)
  return {
    run: loaded.run.id,
    source,
    history: Array.from(history.items, (item) => itemRef(items, item)),
    unknown: history.unknown,
    items: ranked.map((item) => recommendedItem(items, loaded.model, item)),
  }
}

async function explainFor(store: Store, loaded: LoadedRun, who: Who, item: string | null): Promise<Explanations> {
  const history = historyOf(store, loaded, who)
  const { items } = loaded.catalogue
  const chosen =
    item === null
      ? Int32Array.from(
          (await recommend(loaded.model, history.items, explainedAtOnce, loaded.popularity)).items,
          (ranked) => ranked.item,
        )
      : Int32Array.of(itemIndex(loaded, item))
  const { source, items: explained } = await explain(loaded.model, history.items, chosen, loaded.popularity)
  return {
    run: loaded.run.id,
    source,
    history: Array.from(history.items, (index) => itemRef(items, index)),
    unknown: history.unknown,
    explanations: explained.map(({ item: ranked, logScore, factors, linearSum }) => ({
      item: recommendedItem(items, loaded.model, ranked),
      logScore,
      factors: factors.map((factor) => ({
        ...factor,
        ...memberOf(loaded.model, factor.member),
        linearSum: described(factor.linearSum, loaded),
      })),
      linearSum: described(linearSum, loaded),
    })),
  }
}

const described = (sum: ItemLinearSum | null, { catalogue }: LoadedRun): LinearSum | null =>
  sum && {
    ...sum,
    contributions: sum.contributions.map(({ item, logit }) => ({ ...itemRef(catalogue.items, item), logit })),
  }

/** The history of a stored user, or of typed ids; a word that is not an id can be an exact title. */
function historyOf(store: Store, { run, split, catalogue }: LoadedRun, who: Who): History {
  if (who.kind === 'user') {
    return { items: userHistory(store, run.dataset, run.preparation, split.catalogue, who.user), unknown: [] }
  }
  const titles = new Map(catalogue.items.map((item, index) => [item.title.toLowerCase(), index]))
  const items = new Set<number>()
  const unknown: string[] = []
  for (const word of who.items) {
    const index = catalogue.indexOf.get(word) ?? titles.get(word.toLowerCase())
    if (index === undefined) unknown.push(word)
    else items.add(index)
  }
  if (items.size === 0) {
    const named = unknown.slice(0, namedAtMost).map((word) => `“${word}”`)
    if (unknown.length > namedAtMost) named.push(`and ${unknown.length - namedAtMost} more`)
    throw badInput(
      `Run ${run.id} does not know any item of this history: ${named.join(', ')}.`,
      `Use item ids of the data set “${run.datasetName}”, for example ${exampleIds(catalogue.items)}.`,
    )
  }
  return { items: Int32Array.from(items), unknown }
}

const exampleIds = (items: LoadedRun['catalogue']['items']): string =>
  items
    .slice(0, 3)
    .map(({ externalId }) => externalId)
    .join(', ')

function itemIndex({ run, catalogue }: LoadedRun, id: string): number {
  const index = catalogue.indexOf.get(id)
  if (index !== undefined) return index
  throw notFound(
    `Run ${run.id} does not know the item “${id}”.`,
    `Use an item id of the data set “${run.datasetName}” that its training users have, for example ${exampleIds(catalogue.items)}.`,
  )
}
