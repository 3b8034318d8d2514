import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { attackReport, pages, type AttackReport } from './attack'
import { attacks } from './attacks'
import { reportSection, reportText } from './report'
import { runAttack, withBaseLibrary } from './run-attack'

/**
 * Attacks the built product: `npm run reliability -- [name …] [--short] [--seed N] [--only CASE] [--json] [--store]`, or
 * `npm run reliability -- summary`. Works in the project's folder; ends with 1 where anything did not hold.
 */
const RESULTS = join('test', 'reliability', 'results')
const [BEGIN, END] = ['<!-- attacks:begin -->', '<!-- attacks:end -->']
const fileOf = (name: string): string => join(RESULTS, `${name}.json`)

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

async function stored(name: string): Promise<AttackReport | null> {
  try {
    return attackReport.parse(JSON.parse(await readFile(fileOf(name), 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Puts the stored reports between the markers of their pages. */
async function writeSummary(): Promise<void> {
  for (const page of pages) {
    const shown = attacks.filter((attack) => attack.page === page)
    const reports = await Promise.all(shown.map(async ({ name, what }) => ({ report: await stored(name), what })))
    const sections = reports.flatMap(({ report, what }) => (report ? [reportSection(report, what)] : []))
    const text = await readFile(page, 'utf8')
    const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)]
    if (begin < 0 || end < begin) throw new Error(`${page} lacks the lines ${BEGIN} and ${END}.`)
    await writeFile(page, `${text.slice(0, begin)}${BEGIN}\n\n${sections.join('\n')}\n${text.slice(end)}`)
    say(`${page} holds ${sections.length} of ${shown.length} attacks.`)
  }
}

const wholeNumber = (text: string, option: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${option} wants a whole number, not “${text}”.`)
  return value
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      store: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
    },
  })
  if (positionals.join() === 'summary') {
    await writeSummary()
    return 0
  }
  const unknown = positionals.find((name) => !attacks.some((attack) => attack.name === name))
  if (unknown !== undefined) {
    say(`There is no attack “${unknown}”. Choose of ${attacks.map(({ name }) => name).join(', ')}, or summary.`)
    return 2
  }
  const chosen = attacks.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  const reports: AttackReport[] = []
  await withBaseLibrary(process.cwd(), async (base) => {
    for (const attack of chosen) {
      const report = await runAttack(attack, {
        base,
        root: process.cwd(),
        scale: values.short ? 'short' : 'full',
        seed: wholeNumber(values.seed, 'seed'),
        only: values.only === undefined ? null : wholeNumber(values.only, 'only'),
        say,
      })
      reports.push(report)
      if (!values.json) process.stdout.write(`${reportText(report)}\n`)
      if (values.store) {
        await mkdir(RESULTS, { recursive: true })
        await writeFile(fileOf(report.name), `${JSON.stringify(report, null, 2)}\n`)
      }
    }
  })
  if (values.json) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`)
  return reports.every(({ results }) => results.every(({ tried, held }) => tried === held)) ? 0 : 1
}

process.exitCode = await main()
