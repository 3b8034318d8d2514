import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { z } from 'zod'
import { Tally, type Attack, type AttackSetting } from '../attack'
import type { Finding } from '../library-state'
import { endText, failureOf, Product, writeRatings, type Ended, type StartOptions } from '../product'

/** The expected result: either is right if the system decides. */
type Wanted = 'works' | 'a sentence' | 'either'

interface Case {
  readonly name: string
  readonly wanted: Wanted
  /** What a refusal has to name; without it any clear sentence will do. */
  readonly names?: RegExp
  /** Arguments after `import` and the options it runs with. */
  prepare(place: Place): { library: string | null; file: string; options?: StartOptions; undo?: () => void }
}

interface Place {
  readonly folder: string
  readonly ratings: string
  /** A Node that every user may run. */
  readonly openNode: string
}

const libraryNamed =
  (name: string, wanted: Wanted = 'works', names?: RegExp): ((title: string) => Case) =>
  (title) => ({
    name: `library ${title}`,
    wanted,
    ...(names && { names }),
    prepare: ({ folder, ratings }) => ({ library: join(folder, name), file: ratings }),
  })

const fileNamed = (title: string, name: string): Case => ({
  name: `file ${title}`,
  wanted: 'works',
  prepare({ folder, ratings }) {
    const file = join(folder, name)
    copyFileSync(ratings, file)
    return { library: join(folder, 'library'), file }
  },
})

/** A user id that no entry of the system's user table has. */
const nobodyAtAll = 54_321

const cases: readonly Case[] = [
  libraryNamed(' two  spaces at both ends ')('with spaces'),
  libraryNamed(`"double" and 'single' \`back\` quotes; $HOME & (x)`)('with quotes'),
  libraryNamed('Bücher 图书 📚 e\u0301 \u202Egnp')('with other scripts, combining and right-to-left marks'),
  libraryNamed('first\nsecond\ttab')('with a newline and a tab'),
  libraryNamed('100%41#anchor?query=1&x')('with %, # and ?'),
  libraryNamed('ends with a dot.')('with a trailing dot'),
  libraryNamed('--json')('called like an option'),
  libraryNamed('C:\\Users\\me')('with backslashes'),
  libraryNamed(Array.from({ length: 16 }, () => 'd'.repeat(200)).join('/'), 'either', /long/)('of 3,200 bytes'),
  libraryNamed('n'.repeat(256), 'a sentence', /long/)('with a name too long for any disk'),
  {
    name: 'library behind a symbolic link',
    wanted: 'works',
    prepare({ folder, ratings }) {
      mkdirSync(join(folder, 'real'))
      symlinkSync(join(folder, 'real'), join(folder, 'link'))
      return { library: join(folder, 'link'), file: ratings }
    },
  },
  {
    name: 'library at a link to nowhere',
    wanted: 'either',
    prepare({ folder, ratings }) {
      symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'))
      return { library: join(folder, 'dangling'), file: ratings }
    },
  },
  {
    name: 'library in a circle of links',
    wanted: 'a sentence',
    prepare({ folder, ratings }) {
      symlinkSync(join(folder, 'b'), join(folder, 'a'))
      symlinkSync(join(folder, 'a'), join(folder, 'b'))
      return { library: join(folder, 'a', 'library'), file: ratings }
    },
  },
  {
    name: 'library below a file',
    wanted: 'a sentence',
    prepare: ({ ratings }) => ({ library: join(ratings, 'library'), file: ratings }),
  },
  {
    name: 'library on a read-only disk',
    wanted: 'a sentence',
    names: /read-only|cannot be written/,
    prepare({ folder, ratings }) {
      const disk = join(folder, 'disk')
      mkdirSync(disk)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', disk])
      return { library: join(disk, 'library'), file: ratings, undo: () => execFileSync('umount', [disk]) }
    },
  },
  {
    name: 'library by a relative path',
    wanted: 'works',
    prepare: ({ folder, ratings }) => ({ library: './relative/../here', file: ratings, options: { cwd: folder } }),
  },
  {
    name: 'no home, and a user whom the system does not know',
    wanted: 'a sentence',
    prepare: ({ folder, ratings, openNode }) => ({
      library: null,
      file: ratings,
      options: {
        cwd: folder,
        uid: nobodyAtAll,
        node: openNode,
        env: { HOME: undefined, XDG_DATA_HOME: undefined, XDG_CACHE_HOME: undefined, VASP_CACHE: undefined },
      },
    }),
  },
  fileNamed('with newline, quotes and %', 'ra\nti"ng\'s %41 #1.csv'),
  fileNamed('called like an option', '--items'),
  {
    name: 'file that is a pipe',
    wanted: 'a sentence',
    prepare({ folder }) {
      const pipe = join(folder, 'pipe.csv')
      execFileSync('mkfifo', [pipe])
      return { library: join(folder, 'library'), file: pipe }
    },
  },
]

const [users, perUser] = [40, 5]
const imported = z.object({ users: z.literal(users), interactions: z.literal(users * perUser) })

/** The system's own error messages without a sentence around them. */
const systemWords = /\bE[A-Z]{3,}:|uv_|undefined|\[object|at \S+ \(/

/** Long paths are identified by both ends. */
const shortened = (text: string): string => text.replaceAll(/(\S{30})\S{60,}(\S{30})/g, '$1…$2')

function judge({ wanted, names }: Case, ended: Ended): Finding[] {
  if (ended.code === null) return [{ what: 'it did not end by itself', detail: endText(ended) }]
  if (ended.code === 0) {
    const whole = imported.safeParse(JSON.parse(ended.stdout)).success
    if (!whole) return [{ what: 'a half import', detail: endText(ended) }]
    return wanted === 'a sentence' ? [{ what: 'it should have been refused', detail: endText(ended) }] : []
  }
  const error = failureOf(ended)
  if (error === null) return [{ what: 'an error without a document', detail: endText(ended) }]
  const text = shortened(`${error.code}: ${error.message} ${error.next}`)
  // In parentheses after the sentence they help the person who reports it.
  const bare = systemWords.exec(text.replaceAll(/\([^)]*\)/g, ''))?.[0]
  if (error.code === 'INTERNAL' || bare) return [{ what: `a bare system error (${bare ?? 'INTERNAL'})`, detail: text }]
  if (names && !names.test(text)) return [{ what: 'a refusal that names another cause', detail: text }]
  return wanted === 'works' ? [{ what: 'a path that should work is refused', detail: text }] : []
}

async function tryCase(product: Product, one: Case, setting: AttackSetting, number: number): Promise<Finding[]> {
  const folder = join(setting.folder, String(number))
  mkdirSync(folder)
  await chmod(setting.folder, 0o755)
  const ratings = writeRatings(join(folder, 'plain.csv'), users, perUser)
  const openNode = join(setting.folder, 'node')
  const { library, file, options = {}, undo } = one.prepare({ folder, ratings, openNode })
  if (options.node !== undefined) {
    copyFileSync(process.execPath, openNode)
    await chmod(openNode, 0o755)
  }
  try {
    const where = library === null ? [] : [`--library=${library}`]
    // A file named like an option follows the mark that ends the options.
    const run = { limit: 30_000, cwd: folder, ...options }
    const ended = await product.run(['import', '--name', 'odd', '--json', ...where, '--', file], run)
    const found = judge(one, ended)
    if (found.length > 0 || ended.code !== 0) return found
    const listed = await product.run(['datasets', '--json', ...where], run)
    return listed.stdout.includes('"odd"')
      ? []
      : [{ what: 'what was imported is not found again', detail: endText(listed) }]
  } finally {
    undo?.()
  }
}

export const attack: Attack = {
  name: 'odd-paths',
  what: 'libraries and files at odd places and under odd names: each works, or is refused by one clear sentence',
  page: 'RELIABILITY.md',
  async run(setting) {
    const product = new Product(setting.root)
    const tally = new Tally('paths')
    for (const [i, one] of cases.entries()) {
      const number = i + 1
      if (setting.only !== null && setting.only !== number) continue
      if (setting.scale === 'short' && number % 3 !== 1) continue
      const found = await tryCase(product, one, setting, number)
      tally.add(
        number,
        found.map(({ what, detail }) => ({ what, detail: `${one.name}: ${detail}` })),
      )
    }
    return [tally.result()]
  },
}
