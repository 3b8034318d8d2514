import type { Dataset } from '../../shared/datasets'
import { notFound } from '../../shared/errors'
import { runId, type RunId } from '../../shared/ids'
import type { Session } from './session'

/** Names shown in a sentence before "and N more". */
const namesShown = 8

/** The data set called `name`, or with that id; a name wins over an id. Throws NOT_FOUND, naming what exists. */
export async function datasetNamed(client: Session['client'], name: string): Promise<Dataset> {
  const all = await client.datasets.list()
  const found =
    all.find((dataset) => dataset.name === name) ??
    all.find((dataset) => String(dataset.id) === name) ??
    all.find((dataset) => dataset.name.toLowerCase() === name.toLowerCase())
  if (found) return found
  throw notFound(
    `There is no data set "${name}".`,
    all.length === 0
      ? 'The library has none yet: import one with vasp import FILE --name NAME.'
      : `The library has ${listed(all.map((dataset) => `"${dataset.name}" (${dataset.id})`))}.`,
  )
}

/** The id of an existing run. Throws NOT_FOUND, naming what exists. */
export async function existingRun(client: Session['client'], id: number): Promise<RunId> {
  const all = await client.runs.list({ dataset: null })
  if (all.some((run) => run.id === id)) return runId.parse(id)
  throw notFound(
    `There is no run ${id}.`,
    all.length === 0
      ? 'The library has none yet: train one with vasp train --data NAME --model vasp.'
      : `The library has ${listed(all.map((run) => `${run.id} (${run.name})`))}. See vasp runs.`,
  )
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, namesShown).join(', ')
  return names.length > namesShown ? `${shown} and ${names.length - namesShown} more` : shown
}
