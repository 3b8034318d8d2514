import type { Difference, Environment } from './runs'

const notKnown = 'not known'

/** What a run was computed with, in words, one line for each fact. */
export function environmentLines(environment: Environment): (readonly [label: string, text: string])[] {
  const { backend, version, device, threads, app, commit, tfjs, runtime, platform, processor, kernels } = environment
  const known = (value: string | null, whenEmpty: string): string =>
    value === null ? notKnown : value === '' ? whenEmpty : value
  return [
    ['VASP Studio', known(app, notKnown)],
    ['Commit', commit?.endsWith('+') ? `${commit.slice(0, -1)}, with changes` : known(commit, 'not built from one')],
    ['Backend', `${backend} ${version}`],
    ['TensorFlow.js', known(tfjs, notKnown)],
    ['Runtime', known(runtime, notKnown)],
    ['Platform', known(platform, notKnown)],
    ['Device', device],
    ['Processor', known(processor, notKnown)],
    ['Threads', String(threads)],
    ['Own kernels', known(kernels, 'not used')],
  ]
}

/** The facts that differ between what two runs were computed with; `null`: nothing is known of it. */
export function environmentDifferences(before: Environment | null, now: Environment | null): Difference[] {
  const [earlier, later] = [before, now].map((one) => new Map(one === null ? [] : environmentLines(one)))
  const labels = new Set([...(earlier?.keys() ?? []), ...(later?.keys() ?? [])])
  return [...labels].flatMap((what) => {
    const [was, is] = [earlier?.get(what) ?? notKnown, later?.get(what) ?? notKnown]
    return was === is ? [] : [{ what, before: was, now: is }]
  })
}
