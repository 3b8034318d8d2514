import { z } from 'zod'
import { defineModel } from '../definition'
import { VASP_PAPER } from '../papers'
import { focalSettings, loopSettings, precision, productSettings } from '../settings/keys'
import { compactLoop, paperLoop } from '../settings/loops'
import { prefixed } from '../shapes'
import { memberDefinitions, parseMembers, settingsOfMembers } from './members'

const kinds = memberDefinitions.map(({ kind }) => kind)

const own = { ...productSettings, ...loopSettings, ...focalSettings, precision }

const settings = z.strictObject({
  members: z
    .string()
    .meta({
      title: 'Members',
      description: `One or more of ${kinds.join(', ')}, separated by commas, each at most once.`,
      options: kinds,
    })
    .transform((text, context) => {
      const members = parseMembers(text)
      if (members) return members
      context.issues.push({ code: 'custom', message: 'a member is unknown or given twice', input: text })
      return z.NEVER
    }),
  ...own,
  // Those of members that are not in the product are ignored.
  ...settingsOfMembers(memberDefinitions, own),
})
export type HadamardSettings = z.output<typeof settings>

/** Values of keys that have no default, for all members. */
const members = {
  members: 'nease,mult-vae',
  hidden: 600,
  latent: 200,
  heads: '2',
  dropout: 0.5,
  weightDecay: 2e-5,
  beta: 0.2,
} as const

/** VASP's preset Compact, with the keys that further members need. */
const vaspCompact = {
  ...members,
  ...compactLoop,
  ...{ hidden: 512, latent: 256 },
  ...{ stages: '2e-3x12,4e-4x4', patience: 6, neaseRate: 500, neaseEpsilon: 0.1 },
  ...{ annealSteps: 1000, pseudoInputs: 100, warmUp: 5 },
} as const

export const definition = defineModel({
  kind: 'hadamard',
  name: 'Hadamard ensemble',
  paper: `${VASP_PAPER}, equations 6 and 7`,
  summary: 'The product of the probabilities of any models, trained together or combined from finished runs.',
  explanation: 'The score is the product of its members’ probabilities.',
  order: 4,
  combinesRuns: true,
  settings,
  loop: (parsed) => parsed,
  presets: [
    {
      name: 'compact',
      label: 'Compact',
      description: 'NEASE ⊙ Mult-VAE with VASP compact’s schedule: minutes on two cores for some 100,000 interactions.',
      config: {
        ...members,
        annealSteps: 1000,
        pseudoInputs: 100,
        warmUp: 5,
        ...compactLoop,
        stages: '2e-3x10,4e-4x4',
        patience: 6,
        neaseRate: 500,
        neaseEpsilon: 0.1,
      },
    },
    {
      name: 'vasp',
      label: 'VASP',
      description: 'FLVAE ⊙ NEASE with the settings of VASP’s preset Compact. You can add more members.',
      config: { ...vaspCompact, members: 'flvae,nease' },
    },
    {
      name: 'vasp-denoising',
      label: 'VASP + denoising',
      description:
        'FLVAE ⊙ NEASE ⊙ Mult-DAE, trained together with VASP compact’s schedule. Better than VASP on small data (see the README).',
      config: { ...vaspCompact, members: 'flvae,nease,mult-dae' },
    },
    {
      name: 'paper',
      label: 'Paper',
      description: 'Any members with VASP’s published schedule and sizes, for data as large as MovieLens 20M.',
      config: { ...members, annealSteps: 200_000, pseudoInputs: 1000, warmUp: 100, ...paperLoop },
    },
  ],
  defaultPreset: 'compact',
  probability: () => true,
  linear: ({ members }) => members.some(({ member }) => member.linear === true),
  shapes: (parsed, items) => parsed.members.flatMap(({ kind, member }) => prefixed(kind, member.shapes(parsed, items))),
  load: () => import('./model'),
})
