import { initial } from './001-initial'
import { maps } from './002-maps'
import { segments } from './003-segments'
import { experiments } from './004-experiments'
import { runMembers } from './005-run-members'
import { heldOut } from './006-held-out'
import { versions } from './007-versions'
import { preparations } from './008-preparations'
import { itemAttributes } from './009-item-attributes'
import { importTemplates } from './010-import-templates'
import { countedProfile } from './011-counted-profile'
import { estimates } from './012-estimates'
import { owners } from './013-owners'
import { checksums } from './014-checksums'
import { figuresAndLists } from './015-figures-and-lists'
import { browsing } from './016-browsing'
import { popularShare } from './017-popular-share'
import { countedWeights } from './018-counted-weights'
import { runStates } from './019-run-states'
import { evaluations } from './020-evaluations'
import { durableQueue } from './021-durable-queue'
import { labels } from './022-labels'
import { stoppedEarly } from './025-stopped-early'
import { portableRuns } from './023-portable-runs'
import { runTimes } from './024-run-times'
import type { Migration } from './migration'

/** In order, without gaps: migrations[i] makes version i + 1. */
export const migrations: readonly Migration[] = [
  initial,
  maps,
  segments,
  experiments,
  runMembers,
  heldOut,
  versions,
  preparations,
  itemAttributes,
  importTemplates,
  countedProfile,
  estimates,
  owners,
  checksums,
  figuresAndLists,
  browsing,
  popularShare,
  countedWeights,
  runStates,
  evaluations,
  durableQueue,
  labels,
  portableRuns,
  runTimes,
  stoppedEarly,
]
