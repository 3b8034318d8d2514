import { expect, it } from 'vitest'
import { mapId, runId } from '../../../shared/ids'
import { defaultMapSettings } from '../../../shared/maps'
import { mapCsv } from './map-csv'

it('writes one line per plot and item', () => {
  const text = mapCsv({
    id: mapId.parse(1),
    run: runId.parse(2),
    settings: defaultMapSettings,
    epoch: 3,
    seconds: 1,
    createdAt: '2026-11-24T00:00:00Z',
    items: [
      { id: '1', title: 'Heat, again', genres: ['Crime', 'Drama'], popularity: 9 },
      { id: '2', title: '=Up', genres: [], popularity: 5 },
    ],
    plots: [
      { name: 'joint', divergence: 1, x: [0.5, -1], y: [2, 3] },
      { name: 'fir', divergence: 1, x: [7, 8], y: [-9, 0] },
    ],
  })
  expect(text.split('\n')).toEqual([
    'plot,item,title,genres,popularity,x,y',
    'joint,1,"Heat, again",Crime|Drama,9,0.5,2',
    "joint,2,'=Up,,5,-1,3",
    'fir,1,"Heat, again",Crime|Drama,9,7,-9',
    "fir,2,'=Up,,5,8,0",
    '',
  ])
})
