import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readWindowState, visibleBounds, writeWindowState } from './window-state'

const screen = { x: 0, y: 0, width: 1920, height: 1040 }
const second = { x: 1920, y: -200, width: 1280, height: 984 }

it('opens the window at its last position if its title bar can be grabbed, otherwise in the middle', () => {
  const bounds = { x: 2000, y: 10, width: 1000, height: 700 }
  expect(visibleBounds(bounds, [screen, second])).toEqual(bounds)
  expect(visibleBounds(bounds, [screen])).toBeNull()
  expect(visibleBounds({ ...bounds, x: 1850 }, [screen])).toBeNull()
  expect(visibleBounds({ ...bounds, x: -100, y: -300 }, [screen])).toBeNull()
  expect(visibleBounds({ ...bounds, x: 0, y: 1020 }, [screen])).toBeNull()
})

it('remembers the window and starts afresh from a damaged file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vasp-window-'))
  const file = join(folder, 'window.json')
  try {
    expect(readWindowState(file)).toBeNull()
    const state = { bounds: { x: 1, y: 2, width: 1300, height: 800 }, maximised: true }
    writeWindowState(file, state)
    expect(readWindowState(file)).toEqual(state)
    await writeFile(file, '{"bounds":{"x":"left"')
    expect(readWindowState(file)).toBeNull()
    await writeFile(file, '{"bounds":{"x":0,"y":0,"width":1,"height":1},"maximised":false}')
    expect(readWindowState(file)).toBeNull()
  } finally {
    await rm(folder, { recursive: true })
  }
})
