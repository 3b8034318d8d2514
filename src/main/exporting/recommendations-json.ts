import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { itemRef, recommendedItem, type CatalogueItem } from '../explaining/described-items'
import { recommendMany } from '../explaining/recommend'
import { namedItem } from '../models/named-factors'
import type { Csr } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { eachList, type ListsToWrite, type WrittenLists } from './lists'
import { createFile } from './new-file'

export interface JsonExport extends ListsToWrite {
  readonly run: number
  /** By model item index. */
  readonly items: readonly CatalogueItem[]
}

/**
 * Writes the k best unseen items of each user as one JSON document, `{"run":…,"users":[{user, source, history, items}, …]}`, one line per user, with
 * items as in a single list. Throws like `exportRecommendations`.
 */
export async function exportAsJson(exported: JsonExport, context: JobContext): Promise<WrittenLists> {
  const { model, run, items, k, file, popularity } = exported
  const counts = { users: 0, popular: 0, leftOut: 0, rows: 0 }

  async function* pieces(): AsyncGenerator<string> {
    yield `{"run":${run},"users":[`
    let separator = '\n'
    const listsOf = (histories: Csr) => recommendMany(model, histories, k, popularity)
    for await (const { user, history, list } of eachList(exported, listsOf, counts, context)) {
      const document = {
        user,
        source: list.source,
        history: Array.from(history, (item) => itemRef(items, item)),
        items: list.items.map((item) => namedItem(recommendedItem(items, model, item))),
      }
      yield `${separator}${JSON.stringify(document)}`
      separator = ',\n'
    }
    yield '\n]}\n'
  }

  const { bytes } = await createFile(file, (temporary) =>
    pipeline(Readable.from(pieces()), createWriteStream(temporary, { flags: 'wx', flush: true })),
  )
  return { ...counts, bytes }
}
