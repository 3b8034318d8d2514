import { setImmediate as nextTurn } from 'node:timers/promises'
import { badInput, cancelled } from '../../../shared/errors'
import { asFloats } from '../../evaluation/scores'
import { rowsAtOnce } from '../../models/rows-at-once'
import type { MemberLogits, Recommender } from '../../models/model'
import { csrFromRows } from '../../numeric/csr'
import type { JobContext } from '../../numeric/job-context'
import { logSigmoid } from '../factors'

/** The outputs of one member (or the product) for one-hot rows. */
export interface Sensitivity {
  /** `joint` for the product, else the member's name. */
  readonly name: string
  /** [n, n] row-major: log p of item `items[column]` if the model sees only item `items[row]`. */
  readonly logs: Float32Array
}

export const JOINT = 'joint'

/**
 * Feeds the one-hot rows e_i of the chosen items (model item indexes) and reads log p of the same items: of the joint model first, then of each
 * member (VASP paper, section IV, figure 3). A model with a single member gives only that member. Leaves no tensors behind. @throws BAD_INPUT for a
 * model whose score is not a product of probabilities, CANCELLED between batches.
 */
export async function oneHotSensitivities(
  model: Recommender,
  items: Int32Array,
  context: JobContext,
): Promise<Sensitivity[]> {
  if (model.members.length === 0) throw notAProduct()
  const n = items.length
  const rows = rowsAtOnce(model.items)
  let members: Sensitivity[] = []
  for (let first = 0; first < n; first += rows) {
    await nextTurn()
    if (context.signal.aborted) throw cancelled('The map')
    context.progress({ stage: 'Showing the model one item at a time', done: first, total: n, unit: 'items' })
    const shown = items.subarray(first, first + rows)
    const outputs = model.memberLogits(
      csrFromRows(
        Array.from(shown, (item) => [item]),
        model.items,
      ),
    )
    if (first === 0) members = outputs.map(({ member }) => ({ name: member, logs: new Float32Array(n * n) }))
    for (const [m, output] of outputs.entries())
      await addLogs(output, items, members[m]?.logs.subarray(first * n), model.items)
  }
  return members.length > 1 ? [{ name: JOINT, logs: productOf(members) }, ...members] : members
}

/** log p = w Σ log σ(z) over the member's lists, of the chosen columns; `logs` begins at the batch's first row. Disposes the lists. */
async function addLogs(
  { logits, weight = 1 }: MemberLogits,
  items: Int32Array,
  logs: Float32Array | undefined,
  width: number,
): Promise<void> {
  const n = items.length
  for (const list of logits) {
    const values = asFloats(await list.data())
    const rows = list.shape[0]
    list.dispose()
    if (!logs) throw new RangeError('The model gave more members than before.')
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < n; c++) logs[r * n + c]! += weight * logSigmoid(values[r * width + items[c]!]!)
  }
}

/** Equation 6 in log space: log p = Σ log of the members' probabilities. */
function productOf(members: readonly Sensitivity[]): Float32Array {
  const product = new Float32Array(members[0]?.logs.length ?? 0)
  for (const { logs } of members) for (let k = 0; k < product.length; k++) product[k]! += logs[k]!
  return product
}

const notAProduct = (): Error =>
  badInput(
    'This model’s score is not a product of probabilities, so there is nothing to map.',
    'Choose a run of a model that gives probabilities.',
  )
