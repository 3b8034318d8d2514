import { z } from 'zod'
import { formatCount, formatCounted } from '../../../shared/format'
import { defineModel } from '../definition'
import { families } from '../families'
import { member as flvae, presets } from '../flvae/definition'
import { member as nease } from '../nease/definition'
import { VASP_PAPER } from '../papers'
import { enoughForDeep, manyUsers } from '../data-size'
import { focalSettings, loopSettings, productSettings } from '../settings/keys'

const settings = z.strictObject({
  ...flvae.settings,
  ...productSettings,
  ...loopSettings,
  ...focalSettings,
  ...nease.settings,
})
export type VaspSettings = z.output<typeof settings>

/** The presets in which NEASE steps by gradient descent, which keeps it from overfitting to few users. */
const ofFewUsers: readonly string[] = ['compact', 'vamp']

export const definition = defineModel({
  kind: 'vasp',
  name: 'VASP',
  family: families.products,
  paper: VASP_PAPER,
  summary: 'A deep variational autoencoder times a shallow linear path, trained jointly: ŷ = FLVAE(x) ⊙ NEASE(x).',
  explanation: 'VASP multiplies the probabilities of FLVAE and NEASE.',
  order: 1,
  members: ['flvae', 'nease'],
  settings,
  loop: (parsed) => parsed,
  presets: presets.map((preset) => ({
    ...preset,
    config: {
      ...preset.config,
      ...(ofFewUsers.includes(preset.name)
        ? { stages: '2e-3x12,4e-4x4', patience: 6, neaseRate: 500, neaseEpsilon: 0.1 }
        : {}),
    },
  })),
  defaultPreset: 'compact',
  probability: () => true,
  linear: () => true,
  shapes: (parsed, items) => [...flvae.shapes(parsed, items), ...nease.shapes(parsed, items)],
  propose: ({ users }) =>
    users < manyUsers
      ? []
      : [
          {
            role: 'best',
            preset: 'paper',
            reason: `The paper’s settings, which gained most on data with as many users as yours (${formatCount(users)}).`,
          },
          {
            role: 'best',
            preset: 'compact',
            reason: 'VASP in a smaller size, because the paper’s does not fit into this machine’s memory.',
          },
        ],
  outlook: ({ users, interactions }) => {
    const each = Math.round(interactions / Math.max(1, users))
    const data = `Your data have ${formatCounted(users, 'user')} with ${formatCounted(each, 'interaction')} each on average.`
    if (users >= manyUsers)
      return `${data} The paper measured VASP’s gains on as many: NDCG@100 of 0.448, against 0.420 of EASE, on MovieLens 20M. VASP is likely to gain over a linear model here.`
    if (users >= enoughForDeep)
      return `${data} With few users a linear model is hard to beat: on MovieLens 1M (6,040 users) VASP’s NDCG@100 was 0.416, EASE’s 0.424, and 0.425 with a denoising autoencoder in the product. Expect about the same quality as the linear model; you gain the explanation by path.`
    return `${data} That is little for a deep model: over five splits of the bundled sample (610 users) VASP’s mean NDCG@100 was 0.334 and EASE’s 0.350. VASP is likely to lose a little against a linear model here, and differences between models will often be within the error.`
  },
  load: () => import('./model'),
})
