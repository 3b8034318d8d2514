import { browse } from './browsing'
import { datasets } from './datasets'
import { experiments } from './experiments'
import { explore } from './explore'
import { exports } from './exports'
import { jobs } from './jobs'
import { library } from './library'
import { maps } from './maps'
import { preparations } from './preparations'
import { procedures } from './procedures'
import { runs } from './runs'
import { splits } from './splits'
import { system } from './system'
import { templates } from './templates'

/** The implementation of the contract: one file per namespace. */
export const router = procedures.router({
  datasets,
  browse,
  templates,
  preparations,
  runs,
  splits,
  experiments,
  explore,
  maps,
  exports,
  jobs,
  library,
  system,
})
export type Router = typeof router
