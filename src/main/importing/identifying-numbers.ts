import { saysHowMany, saysKey, saysOneTransaction, saysTransaction } from './column-names'
import { foldedWords, wordsOf } from './name-words'
import { hasIdLength, type RecognisedColumn } from './column-content'
import type { Findings } from './column-findings'

/** Words for what has a number without being counted: seats, telephones, houses, accounts and bank details. */
const numbered = foldedWords(
  `seat sitz sitzplatz platz asiento poltrona siege sedadlo miejsce mesto tische table tisch rang loge rangée reihe rada rzad fila
   phone phones telephone telefon telefono telefone tel mobile mobil handy cell fax 电话 手机 電話 전화 телефон
   zip postcode postal plz iban bic account konto house hausnummer lot serial imei imsi port ssn pin extension`,
)

/**
 * Whether a column’s numbers tell things apart instead of saying how much: those of orders, seats and telephones, by their names, and others by their equal
 * lengths, or because hardly any is repeated.
 */
export function identifies({ table }: Findings, column: RecognisedColumn): boolean {
  const { name, statistics } = column
  if (hasIdLength(column)) return true
  if (statistics?.kind === 'integer' && statistics.distinct === table.rows && table.rows > 20) return true
  return table.named && namesNumber(name)
}

/** Whether a name is for the number of an order, a seat, a telephone or the like. */
export function namesNumber(name: string): boolean {
  if (saysHowMany(name)) return false
  return (
    saysKey(name) ||
    saysTransaction(name) ||
    saysOneTransaction(name) ||
    wordsOf(name).some((word) => numbered.has(word))
  )
}
