import { execFile, type ExecFileException } from 'node:child_process'
import type { Gpu } from '../../shared/devices'

/** The answer of NVIDIA's driver through its own program, or how it failed. */
export type DriverReport =
  | { readonly state: 'answers'; readonly gpus: readonly Gpu[] }
  /** `nvidia-smi` is not on this machine. */
  | { readonly state: 'absent' }
  /** It is installed, but cannot reach a driver; `words` is its own message. */
  | { readonly state: 'unreachable'; readonly words: string }
  | { readonly state: 'silent'; readonly seconds: number }
  | { readonly state: 'unreadable'; readonly words: string }

const fields = [
  'index',
  'uuid',
  'name',
  'driver_version',
  'memory.total',
  'memory.used',
  'utilization.gpu',
  'temperature.gpu',
] as const

/** A driver that hangs (a GPU that fell off the bus) keeps nvidia-smi waiting forever, in milliseconds. */
const longestPatience = 8000
const mebibyte = 2 ** 20

/**
 * Reads the answer to the query for `fields` in `csv,noheader,nounits`: one line per GPU, in MiB, percent and °C, `[N/A]` for missing values.
 * Returns null if a line has another form.
 */
export function parseGpus(csv: string): Gpu[] | null {
  const gpus: Gpu[] = []
  for (const line of csv.split(/\r?\n/)) {
    if (line.trim() === '') continue
    const cells = line.split(',').map((cell) => cell.trim())
    // A name may contain a comma; the other fields cannot.
    const name = cells.splice(2, cells.length - fields.length + 1).join(', ')
    const [index = '', uuid = '', driver = '', ...measures] = cells
    if (cells.length !== fields.length - 1 || !/^\d+$/.test(index) || !/^\d+(\.\d+)+$/.test(driver) || name === '')
      return null
    const [total = null, used = null, utilisation = null, temperature = null] = measures.map(measure)
    gpus.push({
      index: Number(index),
      uuid,
      name,
      driver,
      memoryTotal: total === null ? null : total * mebibyte,
      memoryUsed: used === null ? null : used * mebibyte,
      utilisation: utilisation === null ? null : Math.min(1, utilisation / 100),
      temperature,
    })
  }
  return gpus
}

const measure = (cell: string): number | null => (/^\d+(\.\d+)?$/.test(cell) ? Number(cell) : null)

/** Its last line with text. */
const lastLine = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, 2)
    .join(' ')
    .slice(0, 300)

/** The outcome of an ended nvidia-smi. */
function judgeAnswer(error: ExecFileException | null, stdout: string, stderr: string, patience: number): DriverReport {
  if (error?.code === 'ENOENT') return { state: 'absent' }
  if (error?.killed) return { state: 'silent', seconds: patience / 1000 }
  const said = lastLine(stderr) || lastLine(stdout) || (error?.message ?? '')
  // It reports its failures on standard output.
  if (/No devices were found/i.test(`${stdout}\n${stderr}`)) return { state: 'answers', gpus: [] }
  if (error) return { state: 'unreachable', words: said }
  const gpus = parseGpus(stdout)
  return gpus ? { state: 'answers', gpus } : { state: 'unreadable', words: said }
}

/** Asks the driver for its GPUs; never throws. @param env where PATH is looked up @param patience timeout in milliseconds */
export function askDriver(env: NodeJS.ProcessEnv = process.env, patience = longestPatience): Promise<DriverReport> {
  return new Promise((resolve) => {
    execFile(
      'nvidia-smi',
      [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits'],
      { env: { ...env, LC_ALL: 'C' }, timeout: patience, killSignal: 'SIGKILL', windowsHide: true },
      (error, stdout, stderr) => resolve(judgeAnswer(error, stdout, stderr, patience)),
    )
  })
}
