import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importResult } from '../../src/shared/datasets'
import { newDesk, type Desk } from './vasp.fixture'

let desk: Desk
beforeAll(() => {
  desk = newDesk()
})
afterAll(() => desk.remove())

const columns = 'Kunde;Ware;Menge;Tag'
const write = (name: string, text: string): string => {
  writeFileSync(join(desk.folder, name), text, 'latin1')
  return name
}

test('columns and layout are kept under a name and used for the next export of the same shape', async () => {
  const march = write('march.csv', `Auszug für März\n${columns}\n1;Käse;1,5;01.03.2024\n2;Brot;2;02.03.2024\n`)
  const first = await desk.json(
    importResult,
    ...['import', march, '--name', 'sales', '--user', 'kunde', '--item', 'ware', '--count', 'Menge', '--time', 'Tag'],
    ...['--decimal', 'comma', '--dates', 'day-first', '--save-template', 'till'],
  )
  expect(first).toMatchObject({ interactions: 2, rejected: 0 })

  const april = write('april.csv', `${columns}\n3;Käse;2,5;01.04.2024\n`)
  const next = await desk.json(importResult, 'import', april, '--append-to', 'sales', '--template', 'Till')
  expect(next).toMatchObject({ interactions: 3, rejected: 0 })

  const other = write('other.csv', 'user,item\n1,2\n')
  expect(await desk.failure('import', other, '--name', 'o', '--template', 'till')).toMatchObject({
    code: 'BAD_INPUT',
    message: 'other.csv lacks columns of the template "till": "Kunde", "Ware", "Tag", "Menge".',
  })
  expect(await desk.failure('import', april, '--name', 'o', '--template', 'shop')).toMatchObject({
    code: 'NOT_FOUND',
    next: 'The library has "till".',
  })
})

test('event types that count, and words that are no layout', async () => {
  const events = write('events.csv', 'user,item,event\n1,a,view\n1,b,buy\n2,a,buy\n')
  const result = await desk.json(importResult, 'import', events, '--name', 'e', '--event-types', 'buy=4')
  expect(result).toMatchObject({ interactions: 2, leftOut: 1 })
  expect((await desk.failure('import', events, '--name', 'x', '--event-types', 'buy=0')).message).toContain('weight')
  expect((await desk.failure('import', events, '--name', 'x', '--encoding', 'ebcdic')).message).toContain('utf-8')
})
