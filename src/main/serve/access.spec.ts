import { describe, expect, it } from 'vitest'
import { checkSource, createAccess, isLoopbackHost } from './access'

describe('who may talk to the browser host', () => {
  it('accepts loopback names with any port, as behind an SSH tunnel, and no other name', () => {
    for (const host of ['127.0.0.1:8600', 'localhost:1', 'LOCALHOST', '127.0.0.1'])
      expect(isLoopbackHost(host)).toBe(true)
    for (const host of [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example:80',
      '127.0.0.1:80@evil',
      '',
      '127.0.0.2:1',
      '[::1]:80',
    ])
      expect(isLoopbackHost(host)).toBe(false)
  })

  it('refuses a rebound name, a foreign origin, and a change without an origin', () => {
    const host = '127.0.0.1:8600'
    expect(checkSource({ host }, false)).toBeNull()
    expect(checkSource({ host, origin: `http://${host}` }, true)).toBeNull()
    expect(checkSource({ host: 'evil.example:8600' }, false)?.status).toBe(403)
    expect(checkSource({ host, origin: 'http://evil.example' }, false)?.status).toBe(403)
    expect(checkSource({ host, origin: 'http://127.0.0.1:9999' }, true)?.status).toBe(403)
    expect(checkSource({ host, origin: 'null' }, true)?.status).toBe(403)
    expect(checkSource({ host }, true)?.status).toBe(403)
  })

  it('knows its own token and cookie, and those of no other host', () => {
    const [one, two] = [createAccess(8600), createAccess(8600)]
    expect(Buffer.from(one.token, 'base64url')).toHaveLength(32)
    expect(one.exchange(one.token)).toBe(true)
    expect(one.exchange(two.token)).toBe(false)
    expect(one.exchange('')).toBe(false)
    const cookie = one.setCookie.split(';')[0] ?? ''
    expect(one.setCookie).toContain('HttpOnly')
    expect(one.setCookie).toContain('SameSite=Strict')
    expect(cookie).not.toContain(one.token)
    expect(one.hasSession({ cookie: `other=1; ${cookie}` })).toBe(true)
    expect(two.hasSession({ cookie })).toBe(false)
    expect(one.hasSession({})).toBe(false)
  })

  it('refuses an invalid port', () => {
    expect(checkSource({ host: '127.0.0.1:65535' }, false)).toBeNull()
    expect(checkSource({ host: '127.0.0.1:65536' }, false)?.status).toBe(400)
    expect(checkSource({ host: '127.0.0.1:99999' }, true)?.status).toBe(400)
  })

  it('lets a browser in once by a one-time token, within a minute, and by the printed one again and again', () => {
    let now = 0
    const access = createAccess(8600, () => now)
    const [one, two] = [access.issueOneTimeToken(), access.issueOneTimeToken()]
    expect(new Set([access.token, one, two]).size).toBe(3)
    now = 60_000
    expect(access.exchange(one)).toBe(true)
    expect(access.exchange(one)).toBe(false)
    now = 60_001
    expect(access.exchange(two)).toBe(false)
    now = 0
    expect(access.exchange(two)).toBe(false)
    expect(access.exchange(access.token)).toBe(true)
    expect(access.exchange(access.token)).toBe(true)
  })
})
