import { formatCount, formatTime } from '../../../shared/format'
import type { Preparation, RunDetail } from '../../../shared/runs'

/** How a run's users and items were divided, for its record. */
export function splitText({ split, splitSummary }: Pick<RunDetail, 'split' | 'splitSummary'>): string {
  const { method, seed, date, file } = split
  switch (method) {
    case 'users':
      return `by user, seed ${seed}`
    case 'leave-last-out':
      return 'each user’s last item, the last but one for validation'
    case 'date': {
      const from = splitSummary?.validationFrom
      return `from ${date ?? '–'} (UTC) on${from ? `, validation from ${formatTime(from)}` : ''}`
    }
    case 'file':
      return `by file, ${file?.name ?? 'unknown'}`
  }
}

/** What the model is shown of a measured user. */
export function shownText({ split }: Pick<RunDetail, 'split'>): string {
  switch (split.method) {
    case 'users':
      return `${Math.round(split.foldIn * 100)} % of a held-out user’s items`
    case 'leave-last-out':
    case 'date':
      return 'everything before the targets'
    case 'file':
      return 'the fold-in of the file'
  }
}

/** The filters beyond threshold and minimum per user, those that are set. */
export function filterText(preparation: Preparation): (readonly [label: string, value: string])[] {
  const { minPerItem, from, until, mostPopular, sample, sampleSeed } = preparation
  const days = [...(from === null ? [] : [`from ${from}`]), ...(until === null ? [] : [`until ${until}`])].join(' ')
  return [
    ...(minPerItem > 1 ? [['Minimum per item', formatCount(minPerItem)] as const] : []),
    ...(days === '' ? [] : [['Days', days] as const]),
    ...(mostPopular === null ? [] : [['Most popular items', formatCount(mostPopular)] as const]),
    ...(sample === null ? [] : [['Sample of users', `${sample}, seed ${sampleSeed}`] as const]),
  ]
}
