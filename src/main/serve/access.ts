import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { StudioError, type ErrorShape } from '../../shared/errors'

/**
 * Who may talk to the browser host. Three walls, each enough against a different visitor:
 * a random token (other users of this machine), the Host header (a foreign name rebound to 127.0.0.1), the Origin header (a foreign page in the user's own browser).
 */
export interface Access {
  /** 256 random bits, base64url; part of the printed address. */
  readonly token: string
  /** What the token is exchanged for: `Set-Cookie` of a browser that brought it. */
  readonly setCookie: string
  knowsToken(token: string): boolean
  hasSession(headers: IncomingHttpHeaders): boolean
}

export interface Refusal {
  readonly status: 401 | 403
  readonly error: ErrorShape
}

/** @param port the listening port; cookies are shared by all ports of a host, so it is part of the cookie's name */
export function createAccess(port: number): Access {
  const token = randomBytes(32).toString('base64url')
  const session = randomBytes(32).toString('base64url')
  const cookie = `vasp-${port}`
  return {
    token,
    setCookie: `${cookie}=${session}; Path=/; HttpOnly; SameSite=Strict`,
    knowsToken: (candidate) => sameSecret(candidate, token),
    hasSession: (headers) => sameSecret(readCookie(headers.cookie ?? '', cookie) ?? '', session),
  }
}

/**
 * Checks Host and Origin; null lets the request through. The port of Host may be another one (an SSH tunnel to a GPU server ends at any port), its name may not: that is what DNS rebinding changes.
 * @param originRequired true for requests that change something and for WebSockets, where browsers always say where they come from
 */
export function checkSource(headers: IncomingHttpHeaders, originRequired: boolean): Refusal | null {
  const host = headers.host ?? ''
  if (!isLoopbackHost(host)) {
    return refuse(
      403,
      'This address is not one that VASP Studio answers to.',
      'Open the address that vasp serve printed.',
    )
  }
  const origin = headers.origin
  if (origin === undefined ? originRequired : origin !== `http://${host}`) {
    return refuse(
      403,
      'Another site may not use VASP Studio.',
      'Open the address that vasp serve printed in its own tab.',
    )
  }
  return null
}

/** `127.0.0.1` or `localhost`, with any port. */
export const isLoopbackHost = (host: string): boolean => /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i.test(host)

export const noSession = (): Refusal =>
  refuse(
    401,
    'This browser has not been let in.',
    'Open the full address that vasp serve printed, with its token, by pasting it into the address bar.',
  )

const refuse = (status: 401 | 403, message: string, next: string): Refusal => ({
  status,
  error: new StudioError({ code: 'NO_PERMISSION', message, next }).toShape(),
})

function readCookie(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name && value !== undefined) return value
  }
  return null
}

/** Compares in constant time, so that an answer's delay tells nothing about the secret. */
function sameSecret(candidate: string, secret: string): boolean {
  const a = Buffer.from(candidate)
  const b = Buffer.from(secret)
  return a.length === b.length && timingSafeEqual(a, b)
}
