import type { Random } from '../numeric/random'
import { Autorec } from './autorec'
import { Flvae, flvaeShape } from './flvae'
import { HVamp } from './hvamp'
import type { Member } from './member'
import { MultDae } from './mult-dae'
import { MultVae } from './mult-vae'
import { Nease } from './nease'
import { RecVae } from './recvae'
import type { HadamardConfig } from './settings'
import type { MemberName } from './settings/members'

/** Builds a member of a Hadamard ensemble from the ensemble's config; every draw comes from `random`, the member's own stream. */
type MemberFactory = (config: HadamardConfig, items: number, random: Random) => Member

export const memberFactories: Record<MemberName, MemberFactory> = {
  nease: (_config, items, random) => new Nease(items, random),
  flvae: (config, items, random) => new Flvae(items, flvaeShape(config), random),
  'mult-dae': (config, items, random) => new MultDae(items, config, random),
  'mult-vae': (config, items, random) => new MultVae(items, config, random),
  recvae: (config, items, random) => new RecVae(items, config, random),
  hvamp: (config, items, random) => new HVamp(items, config, random),
  autorec: (config, items, random) => new Autorec(items, config, random),
}
