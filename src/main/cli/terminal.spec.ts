import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Terminal } from './terminal'

const streams = (json: boolean, tty: boolean, quiet = false) => {
  const out = new PassThrough({ encoding: 'utf8' })
  const err = Object.assign(new PassThrough({ encoding: 'utf8' }), tty ? { isTTY: true as const, columns: 20 } : {})
  const said = (stream: PassThrough): string => String(stream.read() ?? '')
  return { terminal: new Terminal({ json, quiet, out, err }), out: () => said(out), err: () => said(err) }
}

describe('what a command says', () => {
  it('prints one JSON document and nothing else on standard output', () => {
    const { terminal, out, err } = streams(true, false)
    terminal.note('reading')
    terminal.progress('Training', 'Training 1 of 2')
    terminal.result({ run: 3 }, () => 'never asked for')
    expect(JSON.parse(out())).toEqual({ run: 3 })
    expect(err()).toBe('reading\nTraining 1 of 2\n')
  })

  it('prints progress sparsely if a line cannot be rewritten', () => {
    const { terminal, err } = streams(false, false)
    for (let done = 0; done < 50; done++) terminal.progress('Training', `Training ${done}`)
    terminal.progress('Measuring', 'Measuring 1')
    expect(err()).toBe('Training 0\nMeasuring 1\n')
  })

  it('rewrites one line on a terminal, cut to its width, and takes it away before the result', () => {
    const { terminal, out, err } = streams(false, true)
    terminal.progress('Training', 'Training 1 of 50 epochs with a long line')
    const shown = err()
    expect(shown).not.toContain('\n')
    expect(shown).toContain('Training 1 of 50 ep')
    expect(shown).not.toContain('Training 1 of 50 epo')
    terminal.result({}, () => 'done')
    expect(err()).toContain('\u001b[2K')
    expect(out()).toBe('done\n')
  })

  it('says nothing but the result when asked to be quiet', () => {
    const { terminal, out, err } = streams(false, false, true)
    terminal.note('reading')
    terminal.progress('Training', 'Training 1')
    terminal.result({}, () => 'done')
    expect([out(), err()]).toEqual(['done\n', ''])
  })

  it('prints an error as JSON to standard output, or as sentences to standard error', () => {
    const error = { code: 'BAD_INPUT' as const, message: 'The file is empty.', next: 'Choose another.' }
    const json = streams(true, false)
    json.terminal.failure(error)
    expect(JSON.parse(json.out())).toEqual({ error })
    const text = streams(false, false)
    text.terminal.failure(error)
    expect([text.out(), text.err()]).toEqual(['', 'error: The file is empty.\n  Choose another.\n'])
  })
})
