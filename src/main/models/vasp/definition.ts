import { z } from 'zod'
import { defineModel } from '../definition'
import { member as flvae, presets } from '../flvae/definition'
import { member as nease } from '../nease/definition'
import { VASP_PAPER } from '../papers'
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
  load: () => import('./model'),
})
