import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { trackerKinds, trackerTexts, type TrackerFolders, type TrackerKind } from '../../shared/trackers'
import { asUserWould } from '../jobs/private-files'
import { makeFolder } from './make-folder'

/** The folder of each tracker, as the option of its name has it. */
export const trackerShape = Object.fromEntries(trackerKinds.map((kind) => [kind, z.string().optional()])) as Record<
  TrackerKind,
  z.ZodOptional<z.ZodString>
>

/** Adds an option for each tracker. */
export function addTrackerOptions(command: Command): Command {
  for (const kind of trackerKinds) {
    const { title, folder } = trackerTexts[kind]
    command.option(
      `--${kind} <folder>`,
      `write the run to this ${folder} of ${title} while it is trained; made if it does not exist`,
    )
  }
  return command
}

/** The whole path of a tracker's folder, which is made, with the user's own permissions, if it does not exist. */
export function trackerFolder(given: string): string {
  const folder = resolve(given)
  // A file of that name is refused with all other folders that cannot be used.
  if (!existsSync(folder)) asUserWould(() => makeFolder(folder))
  return folder
}

/** The folders that the options name. */
export const trackersOf = (asked: Readonly<Partial<Record<TrackerKind, string | undefined>>>): TrackerFolders =>
  Object.fromEntries(
    trackerKinds.flatMap((kind) => {
      const given = asked[kind]
      return given === undefined ? [] : [[kind, trackerFolder(given)]]
    }),
  )
