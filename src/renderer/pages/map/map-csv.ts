import type { MapDetail } from '../../../shared/maps'
import { csvText } from '../../csv'

/** The coordinates of every plot as CSV, one line per plot and item: the file of `vasp map --out`. */
export const mapCsv = ({ items, plots }: MapDetail): string =>
  csvText(
    ['plot', 'item', 'title', 'genres', 'popularity', 'x', 'y'],
    plots.flatMap(({ name, x, y }) =>
      items.map(({ id, title, genres, popularity }, at) => [
        name,
        id,
        title,
        genres.join('|'),
        popularity,
        x[at] ?? null,
        y[at] ?? null,
      ]),
    ),
  )
