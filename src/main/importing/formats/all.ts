import type { Format } from './format'
import { itemRows } from './item-rows'
import { jsonFormats } from './json'
import { matrixMarket } from './matrix-market'
import { netflix } from './netflix'
import { parquet } from './parquet'
import { sqlite } from './sqlite'
import { workbook } from './workbook'

/** Every format that is not delimited text; a file that none of them recognises is taken for that. */
export const formats: readonly Format[] = [parquet, sqlite, workbook, netflix, matrixMarket, itemRows, ...jsonFormats]
