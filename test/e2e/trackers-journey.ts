import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { root, type Host } from './hosts'

/** Chooses the folder of a tracker on the System page, and trains: the run is in the folder. Needs a library with the data set “films”. */
export async function trackedRuns(host: Host, look: (name: string) => Promise<void>): Promise<void> {
  const { page, library } = host
  const field = page.getByTestId('tracker-tensorboard')
  const folder = path.join(library, 'logs of runs')
  const choose = async (typed: string): Promise<void> => {
    await field.fill(typed)
    await page.keyboard.press('Tab')
  }
  await page.getByTestId('nav-system').click()
  await choose('logs')
  await page.getByText('Enter the whole path of a folder').waitFor()
  await choose(folder)
  await page.getByText('does not exist. Create that folder, or choose another one.').waitFor()
  await look('trackers-0-refused')
  fs.mkdirSync(folder)
  // What was typed is still there, and is tried again.
  expect(await field.inputValue()).toBe(folder)
  await field.press('Enter')
  await page.getByText(`tensorboard --logdir "${folder}"`).waitFor()
  await page.reload()
  await expect.poll(() => field.inputValue()).toBe(folder)
  await look('trackers-1-chosen')

  // The SQLite of these tests may be that of Electron.
  const { VASP_SQLITE_BINDING: _, ...env } = process.env
  execFileSync(
    process.execPath,
    [path.join(root, 'out/main/cli.js'), '--quiet', 'train', '--data', 'films', '--model', 'popularity'],
    { env: { ...env, VASP_LIBRARY: library } },
  )
  const [run = ''] = fs.readdirSync(folder)
  expect(fs.readdirSync(path.join(folder, run)).filter((name) => name.includes('tfevents'))).toHaveLength(1)
  await choose('')
  await page.getByText('Off: no folder is chosen.').first().waitFor()
}
