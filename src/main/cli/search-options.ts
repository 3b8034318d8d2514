import { InvalidArgumentError } from 'commander'
import type { DrawRange } from '../../shared/experiments'

function keyAndText(pair: string, example: string): [string, string] {
  const at = pair.indexOf('=')
  const key = pair.slice(0, at).trim()
  const text = pair.slice(at + 1).trim()
  if (at < 0 || key === '' || text === '') throw new InvalidArgumentError(`It takes ${example}.`)
  return [key, text]
}

/** commander parser that collects `--grid key=a,b,c`; values that contain commas are separated by `|`. */
export function gridValues(pair: string, collected: Readonly<Record<string, string[]>> = {}): Record<string, string[]> {
  const [key, text] = keyAndText(pair, 'key=value,value,…, as in --grid gamma=0,1,2')
  const values = text
    .split(text.includes('|') ? '|' : ',')
    .map((value) => value.trim())
    .filter((value) => value !== '')
  return { ...collected, [key]: values }
}

/** commander parser that collects `--random key=low..high` and `--random key=low..high:log`. */
export function randomRange(
  pair: string,
  collected: Readonly<Record<string, DrawRange>> = {},
): Record<string, DrawRange> {
  const example = 'key=low..high, with :log for the logarithmic scale, as in --random alpha=0.05..0.5:log'
  const [key, text] = keyAndText(pair, example)
  const parts = /^(.+?)\.\.(.+?)(:log)?$/.exec(text)
  const [low, high] = [Number(parts?.[1]), Number(parts?.[2])]
  if (!Number.isFinite(low) || !Number.isFinite(high)) throw new InvalidArgumentError(`It takes ${example}.`)
  return { ...collected, [key]: { low, high, log: parts?.[3] !== undefined } }
}
