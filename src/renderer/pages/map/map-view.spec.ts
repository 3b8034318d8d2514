import { nextTick, shallowRef } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { mapId, runId } from '../../../shared/ids'
import { defaultMapSettings, type MapDetail } from '../../../shared/maps'
import { useMapView, type MapView } from './map-view'

vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))

const detailOf = (...genres: string[][]): MapDetail => ({
  id: mapId.parse(1),
  run: runId.parse(1),
  settings: defaultMapSettings,
  epoch: 1,
  seconds: 1,
  createdAt: '2026-11-24T00:00:00Z',
  items: genres.map((list, at) => ({ id: String(at), title: `Item ${at}`, genres: list, popularity: 9 - at })),
  plots: [],
})

const detail = shallowRef<MapDetail | null>(null)
let view: MapView
beforeEach(() => {
  detail.value = detailOf(['Drama'], ['Drama'], ['Comedy'], [])
  view = useMapView(() => detail.value)
})

describe('the view of a map', () => {
  it('has a legend whose filter hides groups, all but one, or none', () => {
    const shown = (): string[] => view.groups.value.map(({ name }) => name)
    expect(shown()).toEqual(['Drama', 'Comedy', 'No genre'])
    view.toggle('Drama')
    expect(shown()).toEqual(['Comedy', 'No genre'])
    expect(view.legend.value.map(({ hidden }) => hidden)).toEqual([true, false, false])
    view.toggle('Drama')
    view.showOnly('Comedy')
    expect(shown()).toEqual(['Comedy'])
    view.showAll()
    expect(shown()).toHaveLength(3)
    expect(new Set(view.legend.value.map(({ colour }) => colour)).size).toBe(3)
    expect(view.groupOf(2)?.name).toBe('Comedy')
  })

  it('selects the items in a drawn area, picks one, adds and removes', () => {
    view.select([2, 0])
    expect([...view.selected.value]).toEqual([2, 0])
    expect(view.pinned.value).toBe(0)
    view.pick(1, true)
    expect([...view.selected.value]).toEqual([2, 0, 1])
    view.pick(1, true)
    expect([...view.selected.value]).toEqual([2, 0])
    expect(view.pinned.value).toBeNull()
    view.pick(3, false)
    expect([...view.selected.value]).toEqual([3])
    view.select([1, 2])
    view.pin(2)
    expect(view.focus.value).toBe(2)
    view.clear()
    expect(view.selected.value.size).toBe(0)
  })

  it('rings the item under the pointer, otherwise the pinned one', () => {
    view.pick(1, false)
    expect(view.focus.value).toBe(1)
    view.hover(0)
    expect(view.focus.value).toBe(0)
    view.hover(null)
    expect(view.focus.value).toBe(1)
  })

  it('forgets everything at another map', async () => {
    view.select([2])
    view.toggle('Drama')
    detail.value = detailOf(['Drama'], [])
    await nextTick()
    expect(view.selected.value.size).toBe(0)
    expect(view.focus.value).toBeNull()
    expect(view.groups.value).toHaveLength(2)
  })
})
