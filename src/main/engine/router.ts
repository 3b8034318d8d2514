import { datasets } from './datasets'
import { explore } from './explore'
import { exports } from './exports'
import { jobs } from './jobs'
import { procedures } from './procedures'
import { runs } from './runs'
import { system } from './system'

/** The contract, implemented: one file per namespace. */
export const router = procedures.router({ datasets, runs, explore, exports, jobs, system })
export type Router = typeof router
