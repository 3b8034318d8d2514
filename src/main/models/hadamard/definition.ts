import { z } from 'zod'
import type { ModelConfig } from '../../../shared/models'
import { manyItems, manyUsers } from '../data-size'
import { families } from '../families'
import { defineModel, presetOf, type ModelDefinition } from '../definition'
import { definition as hvamp } from '../hvamp/definition'
import { definition as multVae } from '../mult-vae/definition'
import { VASP_PAPER } from '../papers'
import { focalSettings, loopSettings, precision, productSettings } from '../settings/keys'
import { prefixed } from '../shapes'
import { definition as vasp } from '../vasp/definition'
import { memberDefinitions, membersKey, parseMembers, settingsOfMembers } from './members'

const kinds = memberDefinitions.map(({ kind }) => kind)

const own = { ...productSettings, ...loopSettings, ...focalSettings, precision }

const settings = z.strictObject({
  [membersKey]: z
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

/** What a preset of a member says about the member itself, without how it is trained alone. */
const memberPreset = (definition: ModelDefinition, preset: string): ModelConfig =>
  Object.fromEntries(
    Object.entries(presetOf(definition, preset)).filter(([key]) => key in (definition.member?.settings ?? {})),
  )

const neaseAndMultVae = 'nease,mult-vae'

export const definition = defineModel({
  kind: 'hadamard',
  name: 'Hadamard ensemble',
  family: families.products,
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
      description:
        'NEASE ⊙ Mult-VAE with VASP compact’s schedule: minutes on two cores for some 100,000 interactions. For the product of trained runs with weights from validation users, see the experiment Best product.',
      config: { ...presetOf(vasp, 'compact'), ...memberPreset(multVae, 'compact'), members: neaseAndMultVae },
    },
    {
      name: 'vasp',
      label: 'VASP',
      description: 'FLVAE ⊙ NEASE with the settings of VASP’s preset Compact. You can add more members.',
      config: { ...presetOf(vasp, 'compact'), members: 'flvae,nease' },
    },
    {
      name: 'vasp-denoising',
      label: 'VASP + denoising',
      description:
        'FLVAE ⊙ NEASE ⊙ Mult-DAE, trained together with VASP compact’s schedule. Better than VASP on small data (see the README).',
      config: { ...presetOf(vasp, 'compact'), members: 'flvae,nease,mult-dae' },
    },
    {
      name: 'paper',
      label: 'Paper',
      description:
        'NEASE ⊙ Mult-VAE, or any other members, with VASP’s published schedule and the other members’ published sizes, for data as large as MovieLens 20M.',
      config: {
        ...presetOf(vasp, 'paper'),
        ...memberPreset(hvamp, 'paper'),
        ...memberPreset(multVae, 'paper'),
        members: neaseAndMultVae,
      },
    },
  ],
  defaultPreset: 'compact',
  probability: () => true,
  linear: ({ members }) => members.some(({ member }) => member.linear === true),
  shapes: (parsed, items) => parsed.members.flatMap(({ kind, member }) => prefixed(kind, member.shapes(parsed, items))),
  propose: ({ users, items }) =>
    users < manyUsers && items > manyItems
      ? [
          {
            role: 'best',
            preset: 'vasp-denoising',
            reason:
              'VASP trained together with a denoising autoencoder, which helps with few users: on MovieLens 1M its NDCG@100 is 0.425, that of VASP alone 0.416. That was measured on 3,499 items; on a catalogue as large as yours, it may be otherwise.',
          },
          {
            role: 'best',
            preset: 'vasp',
            reason: 'VASP without the denoising autoencoder, which does not fit into this machine’s memory.',
          },
        ]
      : [],
  load: () => import('./model'),
})
