import type { Dataset } from '../../shared/datasets'
import { notFound } from '../../shared/errors'
import { runId, type RunId } from '../../shared/ids'
import type { NamedPreparation } from '../../shared/preparations'
import { firstModel } from './model-names'
import type { Session } from './session'

/** Names shown in a sentence before "and N more". */
const namesShown = 8

/** The newest version of the data set called `name`, the version in `name@2`, or the one with that id; names take precedence over ids. Throws NOT_FOUND with the existing names. */
export async function datasetNamed(client: Session['client'], name: string): Promise<Dataset> {
  const all = await client.datasets.list()
  const [, called, version] = /^(.+)@(\d+)$/.exec(name) ?? []
  const newest = all.filter((dataset) => dataset.newest)
  const found =
    newest.find((dataset) => dataset.name === name) ??
    all.find((dataset) => dataset.name === called && String(dataset.version) === version) ??
    all.find((dataset) => String(dataset.id) === name) ??
    newest.find((dataset) => dataset.name.toLowerCase() === name.toLowerCase())
  if (found) return found
  throw notFound(
    `There is no data set "${name}".`,
    all.length === 0
      ? 'The library has none yet: import one with vasp import FILE --name NAME.'
      : `The library has ${listed(newest.map((dataset) => `"${dataset.name}" (${dataset.id})`))}.`,
  )
}

/** The id of an existing run. Throws NOT_FOUND with those that exist. */
export async function existingRun(client: Session['client'], id: number): Promise<RunId> {
  await existingRuns(client, [id])
  return runId.parse(id)
}

/** The ids of existing runs. Throws NOT_FOUND for the first that does not exist, with those that do. */
export async function existingRuns(client: Session['client'], ids: readonly number[]): Promise<RunId[]> {
  const all = await client.runs.list({ dataset: null })
  const missing = ids.find((id) => !all.some((run) => run.id === id))
  if (missing === undefined) return ids.map((id) => runId.parse(id))
  throw notFound(
    `There is no run ${missing}.`,
    all.length === 0
      ? `The library has none yet: train one with vasp train --data NAME --model ${firstModel.kind}.`
      : `The library has ${listed(all.map((run) => `${run.id} (${run.name})`))}. See vasp runs.`,
  )
}

/** The saved preparation with that name. Throws NOT_FOUND with those that exist. */
export async function preparationNamed(client: Session['client'], name: string): Promise<NamedPreparation> {
  const all = await client.preparations.list()
  const found = all.find((preparation) => preparation.name === name)
  if (found) return found
  throw notFound(
    `There is no preparation "${name}".`,
    all.length === 0
      ? 'The library has none yet: save one with vasp prepare --data NAME --save NAME.'
      : `The library has ${listed(all.map((preparation) => `"${preparation.name}"`))}.`,
  )
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, namesShown).join(', ')
  return names.length > namesShown ? `${shown} and ${names.length - namesShown} more` : shown
}
