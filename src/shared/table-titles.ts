import type { ExperimentTable } from './experiments'
import { distinguishing, protocolDescription } from './protocol'

/** `Table II: Training approaches, MovieLens`; a title by default ends with the data set already. */
const titleOf = ({ title, datasetName }: Pick<ExperimentTable, 'title' | 'datasetName'>): string =>
  title.endsWith(datasetName) ? title : `${title}, ${datasetName}`

/**
 * An experiment's tables with their titles. Several on the same data also say how their protocols differ: `Comparison, films (items with at least 3
 * users)`.
 */
export function titled(
  tables: readonly ExperimentTable[],
): { readonly table: ExperimentTable; readonly title: string }[] {
  const lines = distinguishing(tables.map(protocolDescription))
  return tables.map((table, at) => {
    const isVersioned = tables.some(
      ({ datasetName, datasetVersion }) => datasetName === table.datasetName && datasetVersion !== table.datasetVersion,
    )
    const differences = (lines[at] ?? []).filter(({ key }) => key !== 'data' || isVersioned)
    const apart = differences.map(({ inline }) => inline).join('; ')
    return { table, title: apart === '' ? titleOf(table) : `${titleOf(table)} (${apart})` }
  })
}
