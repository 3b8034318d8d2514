import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importResult } from '../../src/shared/datasets'
import { newDesk, type Desk } from './vasp.fixture'

let desk: Desk
const write = (name: string, rows: readonly string[]): string => {
  const file = join(desk.folder, name)
  writeFileSync(file, ['customer,product,date', ...rows, ''].join('\n'))
  return file
}

beforeAll(() => {
  desk = newDesk()
})
afterAll(() => desk.remove())

it.each([
  ['purchases.csv', 'returns.csv'],
  ['orders.csv', 'cancellations.csv'],
  ['views.csv', 'purchases.csv'],
  ['data2023.csv', 'Stornos 2023.csv'],
])(
  '%s and %s given together warn that all of their rows count alike, and one is left out by its role',
  async (one, other) => {
    const files = [
      write(one, ['c1,p1,2024-01-01', 'c2,p2,2024-01-02', 'c1,p3,2024-01-02', 'c2,p1,2024-01-03']),
      write(other, ['c1,p1,2024-01-11', 'c2,p2,2024-01-12', 'c3,p3,2024-01-13']),
    ]
    const both = await desk.vasp('import', ...files, '--name', `both ${one}`, '--json')
    expect(both.code, both.stderr).toBe(0)
    expect(importResult.parse(JSON.parse(both.stdout)).users).toBe(3)
    expect(both.stderr).toContain('people did different things, but all rows count alike')
    const role = ['--file-role', `${other}=left-out`]
    const first = await desk.vasp('import', ...files, '--name', `first ${one}`, '--json', ...role)
    expect(first.code, first.stderr).toBe(0)
    expect(importResult.parse(JSON.parse(first.stdout))).toMatchObject({ users: 2, interactions: 4 })
    expect(first.stderr).not.toContain('count alike')
  },
)

it('two files of the same kind of rows do not warn', async () => {
  const files = ['january.csv', 'february.csv'].map((name, at) =>
    write(name, [`c1,p${at},2024-0${at + 1}-01`, `c2,p${at + 4},2024-0${at + 1}-02`]),
  )
  const both = await desk.vasp('import', ...files, '--name', 'months', '--json')
  expect(both.code, both.stderr).toBe(0)
  expect(both.stderr).not.toContain('files:')
})
