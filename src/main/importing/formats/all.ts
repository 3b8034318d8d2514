import { accessLog } from './access-log'
import type { Format } from './format'
import { htmlTable } from './html-table'
import { itemRows } from './item-rows'
import { jsonFormats } from './json'
import { keyedRecords } from './keyed-records'
import { matrixMarket } from './matrix-market'
import { netflix } from './netflix'
import { pairsLog } from './pairs-log'
import { parquet } from './parquet'
import { ruledColumns } from './ruled-columns'
import { sqlite } from './sqlite'
import { w3cLog } from './w3c-log'
import { workbook } from './workbook'
import { xmlRecords } from './xml-records'

/** All formats except delimited text, which is assumed for files that none of them recognises. */
export const formats: readonly Format[] = [
  parquet,
  sqlite,
  workbook,
  htmlTable,
  xmlRecords,
  netflix,
  w3cLog,
  accessLog,
  pairsLog,
  matrixMarket,
  itemRows,
  ruledColumns,
  ...jsonFormats,
  keyedRecords,
]
