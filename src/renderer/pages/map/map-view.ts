import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { MapDetail, MapItem } from '../../../shared/maps'
import { groupSymbol, palette } from '../../charts/palette'
import type { PlaneGroup } from '../../charts/plane'
import { genreGroups } from './genres'

/** A group of the legend, shown or hidden. */
export interface LegendEntry extends PlaneGroup {
  readonly hidden: boolean
}

/** The state that the plots of one map share: the legend's filter, the selection, and the current item. */
export interface MapView {
  readonly items: ComputedRef<readonly MapItem[]>
  readonly legend: ComputedRef<readonly LegendEntry[]>
  /** The visible groups. */
  readonly groups: ComputedRef<readonly PlaneGroup[]>
  readonly groupOf: (item: number) => PlaneGroup | undefined
  readonly selected: ShallowRef<ReadonlySet<number>>
  /** The item whose neighbours are listed. */
  readonly pinned: Ref<number | null>
  /** The item with a ring in every plot: the one under the pointer, otherwise the pinned one. */
  readonly focus: ComputedRef<number | null>
  hover(item: number | null): void
  select(items: readonly number[]): void
  pick(item: number, add: boolean): void
  /** Makes one item of the selection the current one. */
  pin(item: number): void
  clear(): void
  toggle(group: string): void
  showOnly(group: string): void
  showAll(): void
}

export function useMapView(detail: () => MapDetail | null): MapView {
  const items = computed(() => detail()?.items ?? [])
  const hidden = shallowRef<ReadonlySet<string>>(new Set())
  const selected = shallowRef<ReadonlySet<number>>(new Set())
  const pinned = ref<number | null>(null)
  const hovered = ref<number | null>(null)

  const colourOf = (rank: number | null): string => {
    const { groups: colours, rest } = palette.value
    // Grey is for everything that has no coloured genre.
    const index = named.value.length === 1 ? 0 : rank
    return (index === null ? null : colours[index]) ?? rest
  }
  const named = computed(() => genreGroups(items.value))
  const legend = computed(() =>
    named.value.map(({ name, items: members, rank }) => ({
      name,
      items: members,
      colour: colourOf(rank),
      symbol: groupSymbol(rank),
      hidden: hidden.value.has(name),
    })),
  )
  const groups = computed(() => legend.value.filter((entry) => !entry.hidden))
  const groupAt = computed(() => {
    const byItem = new Map<number, PlaneGroup>()
    for (const group of legend.value) for (const item of group.items) byItem.set(item, group)
    return byItem
  })

  const clear = (): void => {
    selected.value = new Set()
    pinned.value = null
  }
  // Another map has other indexes of items.
  watch(items, () => {
    clear()
    hovered.value = null
    hidden.value = new Set()
  })

  return {
    items,
    legend,
    groups,
    groupOf: (item) => groupAt.value.get(item),
    selected,
    pinned,
    focus: computed(() => hovered.value ?? pinned.value),
    hover: (item) => (hovered.value = item),
    select(chosen) {
      selected.value = new Set(chosen)
      // The most popular one, because the map's items are sorted by popularity.
      pinned.value = chosen.length > 0 ? Math.min(...chosen) : null
    },
    pick(item, add) {
      const next = new Set(add ? selected.value : [])
      if (add && next.has(item)) next.delete(item)
      else next.add(item)
      selected.value = next
      pinned.value = next.has(item) ? item : null
    },
    pin: (item) => (pinned.value = item),
    clear,
    toggle(group) {
      const next = new Set(hidden.value)
      if (!next.delete(group)) next.add(group)
      hidden.value = next
    },
    showOnly(group) {
      hidden.value = new Set(legend.value.map(({ name }) => name).filter((name) => name !== group))
    },
    showAll() {
      hidden.value = new Set()
    },
  }
}
