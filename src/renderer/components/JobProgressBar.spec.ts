import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { JobProgress } from '../../shared/jobs'
import JobProgressBar from './JobProgressBar.vue'

const text = (progress: JobProgress, rowsPerByte?: number): string =>
  mount(JobProgressBar, {
    props: { progress, ...(rowsPerByte === undefined ? {} : { rowsPerByte }) },
    global: { stubs: { UProgress: true } },
  })
    .findAll('span')
    .map((span) => span.text())
    .join(' ')
    .trim()

const reading: JobProgress = {
  stage: 'Reading ratings.csv',
  done: 50 * 1024 * 1024,
  total: 150 * 1024 * 1024,
  unit: 'bytes',
  secondsLeft: 20,
}

describe('progress', () => {
  it('shows amount, pace and time left, in bytes, or in rows if their length is known', () => {
    expect(text(reading)).toBe('Reading ratings.csv 50.0 MiB of 150 MiB · 5.0 MiB/s · 20 s left')
    expect(text(reading, 1 / 25)).toBe('Reading ratings.csv 50.0 MiB of 150 MiB · about 209,715 rows/s · 20 s left')
    expect(text({ ...reading, stage: 'Writing', unit: 'rows', done: 1000, total: 3000, secondsLeft: 2 })).toBe(
      'Writing 1,000 of 3,000 rows · 1,000 rows/s · 2.0 s left',
    )
  })

  it('claims no pace before there is one', () => {
    expect(text({ ...reading, secondsLeft: null })).toBe('Reading ratings.csv 50.0 MiB of 150 MiB')
  })
})
