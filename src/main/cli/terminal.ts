import { clearLine, cursorTo } from 'node:readline'
import type { WriteStream } from 'node:tty'
import stringWidth from 'string-width'
import type { ErrorShape } from '../../shared/errors'

type Stream = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/** How often a progress line is printed if it cannot be rewritten (a log file, a pipe). */
const sparseMs = 10_000

/**
 * The output of a command: its result to standard output (one JSON document with `--json`, text for people otherwise),
 * everything else to standard error.
 */
export class Terminal {
  readonly json: boolean
  readonly #out: Stream
  readonly #err: Stream
  readonly #quiet: boolean
  #line = ''
  #stage = ''
  #lastPrinted = -Infinity

  constructor(options: { json: boolean; quiet: boolean; out?: Stream; err?: Stream }) {
    this.json = options.json
    this.#quiet = options.quiet
    this.#out = options.out ?? process.stdout
    this.#err = options.err ?? process.stderr
  }

  /** Prints the command's one result. @param text is only called if people read it */
  result(document: unknown, text: () => string): void {
    this.clear()
    this.#out.write(`${this.json ? JSON.stringify(document, null, 2) : text()}\n`)
  }

  /** Writes raw text of a result in pieces; resolves once more may be written. */
  async write(piece: string): Promise<void> {
    if (!this.#out.write(piece)) await new Promise((resolve) => this.#out.once('drain', resolve))
  }

  /** Prints a line for people beside the result. */
  note(line: string): void {
    if (this.#quiet) return
    this.clear()
    this.#err.write(`${line}\n`)
  }

  /** Prints a message that is needed to judge the result, also with --quiet, because it is not progress. */
  warning(line: string): void {
    this.clear()
    this.#err.write(`warning: ${line}\n`)
  }

  /** Shows the current progress: one line that is rewritten on a terminal; elsewhere a line per stage and every ten seconds. */
  progress(stage: string, line: string): void {
    if (this.#quiet) return
    if (this.#err.isTTY) {
      this.#line = line
      this.#redraw()
      return
    }
    const now = performance.now()
    if (stage === this.#stage && now - this.#lastPrinted < sparseMs) return
    this.#stage = stage
    this.#lastPrinted = now
    this.#err.write(`${line}\n`)
  }

  /** Whether less important progress than a stage (an epoch's figures) may be printed now. */
  get dueForDetail(): boolean {
    return this.#err.isTTY === true || performance.now() - this.#lastPrinted >= sparseMs
  }

  /** Removes the progress line, so that other text can follow. */
  clear(): void {
    if (this.#line === '' || !this.#err.isTTY) return
    this.#line = ''
    this.#eraseLine()
  }

  failure(error: ErrorShape): void {
    this.clear()
    if (this.json) this.#out.write(`${JSON.stringify({ error })}\n`)
    else this.#err.write(`error: ${error.message}\n${error.next ? `  ${error.next}\n` : ''}`)
  }

  #redraw(): void {
    if (this.#line === '') return
    this.#eraseLine()
    this.#err.write(cut(this.#line, (this.#err.columns ?? 80) - 1))
  }

  #eraseLine(): void {
    cursorTo(this.#err, 0)
    clearLine(this.#err, 0)
  }
}

function cut(line: string, width: number): string {
  let shown = line
  while (stringWidth(shown) > width) shown = shown.slice(0, -1)
  return shown
}
