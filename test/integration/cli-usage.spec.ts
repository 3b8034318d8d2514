import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { version } from '../../package.json'
import { importResult, rejectedRow } from '../../src/shared/datasets'
import { trainResult } from '../../src/shared/runs'
import { writeRatings } from './studio.fixture'
import { newDesk, type Desk } from './vasp.fixture'

let desk: Desk
beforeAll(() => {
  desk = newDesk()
})
afterAll(() => desk.remove())

const write = (name: string, content: string | Buffer): string => {
  const file = join(desk.folder, name)
  writeFileSync(file, content)
  return file
}
const datasets = z.object({ datasets: z.array(z.object({ id: z.number(), name: z.string() })) })

describe('usage', () => {
  it('prints help and version on standard output with exit code 0', async () => {
    const help = await desk.vasp('--help')
    expect([help.code, help.stderr]).toEqual([0, ''])
    for (const command of [
      'doctor',
      'import',
      'datasets',
      'runs',
      'delete',
      'train',
      'evaluate',
      'recommend',
      'explain',
      'export',
      'serve',
      'demo',
    ])
      expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
    expect(await desk.vasp('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
    expect((await desk.vasp('train', '--help')).stdout).toContain('Examples:')
  })

  it.each([
    [['frobnicate'], /unknown command/i],
    [['train', '--model', 'vasp'], /--data/],
    [['train', '--data', 'x', '--model', 'svd'], /svd.*popularity/s],
    [['train', '--data', 'x', '--model', 'ease', '--seed', '-1'], /--seed/],
    [['train', '--data', 'x', '--model', 'ease', '--set', 'lambda'], /key=value/],
    [['recommend', '--run', 'three', '--user', '1'], /--run.*whole number/],
    [['recommend', '--run', '1', '--user', '1', '--all'], /--all/],
    [['recommend', '--run', '1', '--user', '1', '--k', '0'], /from 1 to 1000/],
    [['recommend', '--run', '1'], /No user is given/],
    [['export', '--run', '1', '--all'], /--out/],
    [['import', 'ratings.csv'], /--name/],
    [['import', '--name', 'x'], /file/],
    [['datasets', '--jsn'], /--jsn/],
    [['delete'], /No command/],
    [['serve', '--port', '70000'], /65535/],
  ])('%j is wrong usage: exit code 2 and a sentence', async (args, cause) => {
    const { exit, code, message } = await desk.failure(...args)
    expect([exit, code]).toEqual([2, 'BAD_INPUT'])
    expect(message).toMatch(cause)
  })

  it('prints an error as sentences on standard error without --json', async () => {
    const { code, stdout, stderr } = await desk.vasp('datasets', '--jsn')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toBe("error: Unknown option '--jsn'. (Did you mean --json?)\n  See vasp datasets --help.\n")
  })
})

describe('what an import left over', () => {
  const library = newDesk()
  afterAll(() => library.remove())

  it('vasp rejects lists unusable rows and writes CSV that no spreadsheet runs', async () => {
    const file = join(library.folder, 'plays.csv')
    writeFileSync(file, 'userId,movieId,rating,timestamp\n1,2,4,1\n,=1+1,4,1\n=HYPERLINK("x"),3,high,1\n')
    expect(await library.json(importResult, 'import', file, '--name', 'plays')).toMatchObject({ rejected: 2 })
    const listed = z.object({ rejected: z.number(), rows: z.array(rejectedRow) })
    expect(await library.json(listed, 'rejects', 'plays')).toEqual({
      rejected: 2,
      rows: [
        { file: 'plays.csv', line: 3, reason: 'no user id', text: ',=1+1,4,1' },
        { file: 'plays.csv', line: 4, reason: 'rating is not a number', text: '=HYPERLINK("x"),3,high,1' },
      ],
    })
    expect((await library.vasp('rejects', 'plays')).stdout).toMatch(/plays\.csv +3 +,=1\+1,4,1/)

    const out = join(library.folder, 'rejected.csv')
    expect((await library.vasp('rejects', 'plays', '--out', out)).stdout).toMatch(/^Wrote 2 rejected rows to .*\.$/m)
    expect(readFileSync(out, 'utf8').split('\n')).toEqual([
      '\uFEFFreason,file,line,text',
      'no user id,plays.csv,3,",=1+1,4,1"',
      `rating is not a number,plays.csv,4,"'=HYPERLINK(""x""),3,high,1"`,
      '',
    ])
    expect(await library.failure('rejects', 'plays', '--out', out)).toMatchObject({ exit: 2, code: 'CONFLICT' })
  })

  it('vasp metadata joins details later and says what did not match', async () => {
    const file = join(library.folder, 'films.csv')
    writeFileSync(file, 'code,title,year\n2,Heat,1995\n9,Nobody,1900\n')
    const { code, stdout } = await library.vasp('metadata', 'plays', file, '--item', 'code')
    expect([code, stdout]).toEqual([
      0,
      '1 item was described by the ids in “code”: title from “title”; attributes year.\nNo column was recognised as genres. If one of the attributes is, choose it (--genres COLUMN; in the app: Genres).\n1 id of the file is no item of the data set (9).\n',
    ])
    expect(await library.failure('metadata', 'plays', file, '--item', 'isbn')).toMatchObject({ code: 'BAD_INPUT' })
  })
})

describe('bad input', () => {
  it('names the cause in each unusable file and leaves the library as it was', async () => {
    const header = 'userId,movieId,rating,timestamp\n'
    const empty = join(desk.folder, 'nothing here')
    mkdirSync(empty)
    const cases: [string, RegExp][] = [
      [write('empty.csv', ''), /empty\.csv.*empty/],
      [write('header.csv', header), /header\.csv|row/],
      [write('unusable.csv', `${header},,4,1\n,2,4,1\n`), /users/],
      [
        write('picture.png', Buffer.concat([Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), Buffer.alloc(4096)])),
        /picture\.png/,
      ],
      [join(desk.folder, 'missing.csv'), /missing\.csv/],
      [empty, /nothing here has no files/],
      [write('columns.csv', 'a,b\n1,2\n'), /users/],
    ]
    for (const [file, cause] of cases) {
      const { exit, message } = await desk.failure('import', file, '--name', 'bad')
      expect([exit, message], file).toEqual([2, expect.stringMatching(cause)])
    }
    expect(await desk.json(datasets, 'datasets')).toEqual({ datasets: [] })
  })

  it('refuses a mapping without a user column and columns that do not exist, naming those that do', async () => {
    const file = write('plays.csv', 'listener,track\n1,2\n')
    expect(await desk.failure('import', file, '--name', 'plays', '--item', 'track', '--user', 'none')).toMatchObject({
      exit: 2,
      code: 'BAD_INPUT',
      next: expect.stringContaining('"listener" (1), "track" (2)') as string,
    })
    expect(await desk.failure('import', file, '--name', 'plays', '--user', 'person', '--item', 'track')).toMatchObject({
      exit: 2,
      message: expect.stringContaining('"person"') as string,
    })
  })

  it('refuses ids that do not exist, naming those that do', async () => {
    const file = join(desk.folder, 'ratings.csv')
    writeRatings(file, 60, 20)
    await desk.json(importResult, 'import', file, '--name', 'planted')
    const { run } = await desk.json(
      trainResult,
      'train',
      '--data',
      'planted',
      '--model',
      'popularity',
      '--test',
      '10',
      '--validation',
      '10',
    )

    const unknownData = await desk.failure('train', '--data', 'nowhere', '--model', 'ease')
    expect(unknownData).toMatchObject({
      exit: 2,
      code: 'NOT_FOUND',
      next: expect.stringContaining('"planted"') as string,
    })
    for (const args of [
      ['evaluate', '--run', '99'],
      ['recommend', '--run', '99', '--user', '1'],
      ['explain', '--run', '99', '--user', '1'],
      ['export', '--run', '99', '--all', '--out', 'lists.csv'],
      ['delete', 'run', '99'],
      ['delete', 'dataset', '99'],
      ['recommend', '--run', String(run), '--user', 'nobody'],
    ]) {
      expect(await desk.failure(...args), args.join(' ')).toMatchObject({ exit: 2, code: 'NOT_FOUND' })
    }
    for (const history of ['nothing', '100,nothing']) {
      expect(await desk.failure('recommend', '--run', String(run), '--history', history)).toMatchObject({
        exit: 2,
        code: 'BAD_INPUT',
        message: expect.stringContaining('nothing') as string,
      })
    }
    expect(await desk.failure('train', '--data', 'planted', '--model', 'vasp', '--set', 'depth=7')).toMatchObject({
      exit: 2,
    })
    expect(await desk.failure('import', file, '--name', 'planted')).toMatchObject({ exit: 2, code: 'CONFLICT' })
  })

  it('reads a library of a newer version and writes nothing into it', async () => {
    const file = join(desk.library, 'library.db')
    const database = new Database(file)
    const known = z.number().parse(database.pragma('user_version', { simple: true }))
    // A newer version has other tables; a version number alone is taken for damage.
    database.exec('CREATE TABLE newer (id INTEGER PRIMARY KEY)')
    database.pragma('user_version = 9999')
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.close()
    const before = readFileSync(file)
    expect((await desk.json(datasets, 'datasets')).datasets.map(({ name }) => name)).toEqual(['planted'])
    for (const args of [
      ['import', join(desk.folder, 'ratings.csv'), '--name', 'more'],
      ['train', '--data', 'planted', '--model', 'popularity'],
      ['delete', 'dataset', 'planted'],
    ]) {
      expect(await desk.failure(...args), args.join(' ')).toMatchObject({ exit: 2, code: 'NEWER_DATABASE' })
    }
    expect(readFileSync(file).equals(before)).toBe(true)
    const restored = new Database(file)
    restored.exec('DROP TABLE newer')
    restored.pragma(`user_version = ${known}`)
    restored.close()
  })

  it('explains why a folder is not a library', async () => {
    mkdirSync(join(desk.folder, 'damaged'))
    write('damaged/library.db', 'this is no database '.repeat(100))
    expect(await desk.failure('datasets', '--library', join(desk.folder, 'damaged'))).toMatchObject({
      exit: 1,
      code: 'DAMAGED_FILE',
    })
    expect(await desk.failure('datasets', '--library', write('a-file', ''))).toMatchObject({
      exit: 2,
      code: 'BAD_INPUT',
    })
  })
})
