import { describe, expect, it } from 'vitest'
import { isConnectionError } from './defects'

describe('what ends the browser host', () => {
  it('is no error of a connection', () => {
    for (const code of [
      'ECONNRESET',
      'EPIPE',
      'ERR_STREAM_PREMATURE_CLOSE',
      'HPE_INVALID_METHOD',
      'WS_ERR_INVALID_UTF8',
    ])
      expect(isConnectionError(Object.assign(new Error('it broke'), { code })), code).toBe(true)
  })

  it('is anything else', () => {
    for (const error of [
      new TypeError('Invalid URL'),
      Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' }),
      Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' }),
      Object.assign(new Error('full'), { code: 'ENOSPC' }),
      'a string',
      null,
    ])
      expect(isConnectionError(error)).toBe(false)
  })
})
