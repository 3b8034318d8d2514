import { formatCounted } from '../../shared/format'
import { nameMatches, saysHowMany, saysKey, saysMeasure } from './column-names'
import type { RecognisedColumn } from './column-content'
import type { Findings } from './column-findings'
import type { SharedValue } from './most-shared'
import { foldedWords, wordsOf } from './name-words'

const artists = foldedWords(
  `artist artists band interpret interpretin kunstler kunstlerin artiste artista interprete kapela zespol wykonawca esittaja eloado izvodac umetnik sanatci
   исполнитель артист виконавець καλλιτέχνης アーティスト 歌手 艺术家 藝術家 가수 아티스트`,
)
const songs = foldedWords(
  `track song lied chanson morceau piste cancion canzone brano musica skladba pisnicka pisen utwor piosenka kappale lat sang dal sarki трек песня пісня τραγούδι 曲 歌曲 곡`,
)
const series = foldedWords(
  'series serie show shows tvshow tvseries grandparent serial sorozat sarja dizi serien serier сериал серіал σειρά 剧集 劇集',
)
/** Beside episodes, what else is called a series. */
const programmes = foldedWords('programme program programm programma programa sendung emission ohjelma porad')
const seasons = foldedWords(
  'season staffel saison temporada stagione saeson sasong sesong sezon sezona kausi serienstaffel сезон evad seizoen',
)
const episodes = foldedWords(
  'episode folge capitulo episodio puntata aflevering avsnitt odcinek epizoda epizod jakso bolum серия серія эпизод επεισόδιο 集 回 話 에피소드',
)

const has = (name: string, words: ReadonlySet<string>): boolean => wordsOf(name).some((word) => words.has(word))

/** Whether a column is named for something that `item`, a title or a number, is a part of and may be ambiguous without. */
function saysWhole(name: string, item: RecognisedColumn): boolean {
  const isEpisode = has(item.name, episodes)
  const isTitle = nameMatches(item.name).some(({ role, whole }) => role === 'title' && whole)
  if (isEpisode && (has(name, programmes) || has(name, seasons) || has(name, series))) return true
  return (has(item.name, songs) && has(name, artists)) || (isTitle && (has(name, artists) || has(name, series)))
}

/** Words beside these that make the name one for something about a series or an artist. */
const about = foldedWords(
  'genre genres country year date rating score count plays followers image url description language type',
)

/**
 * Warns that only a part of what tells items apart is taken for the item, such as the number of an episode without its series, or the title of a song that
 * several artists have.
 */
export async function doubtParts(findings: Findings): Promise<void> {
  const item = findings.found.get('item')
  if (!item || !findings.table.named || findings.chosen.item !== undefined || saysKey(item.name)) return
  if (await doubtWhole(findings, item)) return
  const wholes: { readonly column: RecognisedColumn; readonly most: SharedValue }[] = []
  for (const column of findings.free()) {
    if ((column.statistics?.distinct ?? 0) < 2 || !saysWhole(column.name, item) || has(column.name, about)) continue
    const most = await findings.table.mostShared(item.name, column.name)
    if (most) wholes.push({ column, most })
  }
  const [first] = wholes.toSorted((a, b) => b.most.others - a.most.others)
  if (!first) return
  const { value, others, shared } = first.most
  findings.doubt(
    item,
    `Yet “${value}” occurs with ${others} different values of “${first.column.name}”, and ${shared} of ${formatCounted(item.statistics?.distinct ?? 0, 'item')} with several: different things are taken for one item.`,
    together([...wholes.map(({ column }) => column), item]),
  )
}

/** If a series was taken for the item although there is a column of its episodes, says that neither is one alone. Returns whether it does. */
async function doubtWhole(findings: Findings, item: RecognisedColumn): Promise<boolean> {
  if (!(has(item.name, series) || has(item.name, programmes))) return false
  const free = findings.free()
  const part = free.find(
    ({ name }) => has(name, episodes) && !saysKey(name) && !saysMeasure(name) && !saysHowMany(name),
  )
  if (!part || (await findings.hasOneValue(item, part))) return false
  const season = free.filter(({ name }) => has(name, seasons))
  findings.doubt(item, `Yet all of “${part.name}” of each are taken for one item.`, together([item, ...season, part]))
  return true
}

/** Says what a file should be like that tells items apart. */
function together(columns: readonly RecognisedColumn[]): string {
  const names = columns.map(({ name }) => `“${name}”`)
  return `a file in which one column has ${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''} together`
}
