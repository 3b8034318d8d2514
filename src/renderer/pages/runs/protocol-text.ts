import { formatTime } from '../../../shared/format'
import type { RunDetail } from '../../../shared/runs'

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
