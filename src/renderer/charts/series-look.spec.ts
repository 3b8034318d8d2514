import { expect, it } from 'vitest'
import { mostCompared } from '../../shared/comparisons'
import { palette } from './palette'
import { seriesLook } from './series-look'

const all = (apart: boolean) => Array.from({ length: mostCompared }, (_, index) => seriesLook(index, apart))

it('tells as many lines and points apart as can be compared', () => {
  const looks = all(false)
  expect(new Set(looks.map(({ colour, dashes }) => `${colour} ${dashes.join()}`)).size).toBe(mostCompared)
  expect(new Set(looks.map(({ colour, shape }) => `${colour} ${shape}`)).size).toBe(mostCompared)
})

it('begins with solid lines, and dashes those of the next round through the colours', () => {
  const { length } = palette.value.series
  expect(seriesLook(length - 1).dashes).toEqual([])
  expect(seriesLook(length).dashes).not.toEqual([])
  expect(seriesLook(length).colour).toBe(seriesLook(0).colour)
})

it('gives what does not compare a pattern and an outline that no other series has', () => {
  const patterns = new Set(all(false).map(({ dashes }) => dashes.join()))
  for (const look of all(true)) {
    expect(look.outlined).toBe(true)
    expect(patterns).not.toContain(look.dashes.join())
  }
})
