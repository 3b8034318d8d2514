import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

interface Row {
  rooms?: string[]
  packages?: string[]
}
const root = path.resolve(import.meta.dirname, '../..')
const rules = createRequire(import.meta.url)('../../scripts/lint/rooms.cjs') as Record<string, Row>

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort()

/** The rows of ARCHITECTURE.md's table: rooms are written as code, packages as plain words. */
function documented(): Record<string, Row> {
  const page = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8')
  const rows = page.matchAll(/^\| `src\/main\/(\w+)` \|[^|]*\|([^|]*)\|$/gm)
  return Object.fromEntries(
    Array.from(rows, ([, room = '', imports = '']) => [
      room,
      {
        rooms: sorted(imports.match(/(?<=`)\w+(?=`)/g) ?? []),
        packages: sorted(imports.replace(/`\w+`/g, '').match(/[@\w][\w@/-]*/g) ?? []),
      },
    ]),
  )
}

/** What the files of a room import, types included, besides itself, `shared`, `numeric`, Node and zod. */
function imported(room: string): Row {
  const folder = path.join(root, 'src/main', room)
  const files = globSync('**/*.ts', { cwd: folder }).filter((file) => !file.endsWith('.spec.ts'))
  const rooms = new Set<string>()
  const packages = new Set<string>()
  for (const file of files.map((name) => path.join(folder, name))) {
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8'), true, true).importedFiles) {
      if (fileName.startsWith('.')) {
        const target = path.relative(path.join(root, 'src/main'), path.resolve(path.dirname(file), fileName))
        if (!target.startsWith('..')) rooms.add(target.split(path.sep)[0] ?? '')
      } else if (!/^(node:|zod$|virtual:|#build)/.test(fileName)) packages.add(fileName)
    }
  }
  for (const own of [room, 'numeric']) rooms.delete(own)
  return { rooms: sorted(rooms), packages: sorted(packages) }
}

const belongs = (file: string, name: string): boolean => file === name || file.startsWith(`${name}/`)

it('gives each room the same line in ARCHITECTURE.md as in the import rules', () => {
  const lines = Object.entries(rules).map(([room, { rooms = [], packages = [] }]) => [
    room,
    { rooms: sorted(rooms), packages: sorted(packages) },
  ])
  expect(documented()).toEqual(Object.fromEntries(lines))
})

it.each(Object.keys(rules))('allows %s to import what it imports, and no more', (room) => {
  const { rooms = [], packages = [] } = rules[room] ?? {}
  const found = imported(room)
  expect(found.rooms).toEqual(sorted(rooms))
  expect(packages.filter((name) => !found.packages?.some((file) => belongs(file, name)))).toEqual([])
})
