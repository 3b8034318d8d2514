/** Languages whose names of months and weekdays are read; for the months of Croatian see `croatianMonths`. */
const languages =
  'en de fr es it cs nl pl pt sk sv da nb fi hu ro tr id ru uk bg el sr sr-Latn sl et lv lt ca ms is mk'.split(' ')

/** A word in the form in which it is looked up: without case, accents and dots. */
export const plainWord = (word: string): string =>
  word
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f.]/g, '')

/**
 * Names of months or weekdays in all languages, alone and within a date (Polish “marzec” and “marca”). A word with several meanings in different
 * languages (“so” is Sunday in German, Saturday in Czech) has NaN: it proves nothing.
 */
function names(
  part: 'month' | 'weekday',
  days: readonly Date[],
  inLanguages: readonly string[] = languages,
): Map<string, number> {
  const found = new Map<string, number>()
  for (const language of inLanguages)
    for (const style of ['long', 'short'] as const)
      for (const within of [false, true]) {
        const others = within ? ({ day: 'numeric', month: style, year: 'numeric' } as const) : {}
        const format = new Intl.DateTimeFormat(language, { ...others, [part]: style, timeZone: 'UTC' })
        days.forEach((day, index) => {
          const name = format.formatToParts(day).find(({ type }) => type === part)?.value ?? ''
          // Portuguese weekdays are “segunda-feira”.
          const [word = ''] = plainWord(name).split('-')
          if (/^\p{L}{2,}$/u.test(word)) found.set(word, (found.get(word) ?? index) === index ? index : Number.NaN)
        })
      }
  return found
}

const monthNames = (inLanguages?: readonly string[]): Map<string, number> => {
  const days = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2024, month, 15)))
  return new Map([...names('month', days, inLanguages)].map(([word, index]) => [word, index + 1]))
}

/** Numbers of months (from 1) by their names. */
export const months: ReadonlyMap<string, number> = (() => {
  const numbered = monthNames()
  // Forms that people write but locales do not have.
  for (const [word, month] of [
    ['sept', 9],
    ['mrz', 3],
    ['maerz', 3],
    ['juni', 6],
    ['juli', 7],
  ] as const)
    if (!numbered.has(word)) numbered.set(word, month)
  return numbered
})()

/** Numbers of months by their Croatian names, of which some are those of other months in Czech and Polish: “listopad” is October, not November. */
export const croatianMonths: ReadonlyMap<string, number> = monthNames(['hr'])

/** Numbers of weekdays (Sunday is 0) by their names. */
export const weekdays: ReadonlyMap<string, number> = names(
  'weekday',
  Array.from({ length: 7 }, (_, day) => new Date(Date.UTC(2024, 8, 1 + day))),
)

/** Halves of the day before a time of day, as in Japanese, Chinese and Korean. */
export const halvesOfDay = { AM: ['午前', '上午', '오전'], PM: ['午後', '下午', '오후'] } as const

/** Words that carry no information about a date. */
export const fillers: ReadonlySet<string> = new Set([
  ...'st nd rd th er ere of the at on de del di do da den der um am le el il a ore klo kl uhr och og t feira г р в о'.split(
    ' ',
  ),
  ...'ngay thang nam luc pukul jam στις'.split(' '),
  // Hours after a time of day: “18:43 hs.” in Argentina, “18:43 h” in Spain and Switzerland.
  ...'h hs hrs hr horas hora heures hod hodin godz'.split(' '),
  ...halvesOfDay.AM,
  ...halvesOfDay.PM,
])

/** Offsets of time zones from UTC by their abbreviations, in minutes. */
export const zones: ReadonlyMap<string, number> = new Map([
  ...['z', 'utc', 'gmt', 'ut', 'wet'].map((name) => [name, 0] as const),
  ...['cet', 'mez', 'west', 'wat'].map((name) => [name, 60] as const),
  ...['bst'].map((name) => [name, 60] as const),
  ...['cest', 'mesz', 'eet', 'cat', 'sast'].map((name) => [name, 120] as const),
  ...['eest', 'msk', 'eat', 'trt'].map((name) => [name, 180] as const),
  ...([
    ['ist', 330],
    ['sgt', 480],
    ['hkt', 480],
    ['awst', 480],
    ['jst', 540],
    ['kst', 540],
  ] as const),
  ...([
    ['aest', 600],
    ['aedt', 660],
    ['nzst', 720],
    ['nzdt', 780],
  ] as const),
  ...([
    ['ast', -240],
    ['edt', -240],
    ['est', -300],
    ['cdt', -300],
    ['cst', -360],
    ['mdt', -360],
  ] as const),
  ...([
    ['mst', -420],
    ['pdt', -420],
    ['pst', -480],
    ['akst', -540],
    ['hst', -600],
    ['brt', -180],
    ['art', -180],
  ] as const),
])

/** Abbreviations that other countries use for other offsets. */
export const ambiguousZones: ReadonlySet<string> = new Set(['bst', 'ist', 'cst', 'ast'])
