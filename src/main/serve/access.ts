import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { ErrorShape } from '../../shared/errors'

/**
 * Who may talk to the browser host. Three walls, each enough against a different visitor:
 * a random token (other users of this machine), the Host header (a foreign name rebound to 127.0.0.1), the Origin header (a foreign page in the user's own browser).
 */
export interface Access {
  /** 256 random bits, base64url; part of the printed address, good for as long as the host runs. */
  readonly token: string
  /** What a token is exchanged for: `Set-Cookie` of a browser that brought it. */
  readonly setCookie: string
  /** A token for one exchange within a minute: for addresses that others can read, as on the command line of a browser that is started. */
  issueOneTimeToken(): string
  /** Whether a browser that brings `token` is let in; a one-time token is worthless after that. */
  exchange(token: string): boolean
  hasSession(headers: IncomingHttpHeaders): boolean
}

export interface Refusal {
  readonly status: 400 | 401 | 403
  readonly error: ErrorShape
}

/** How long a browser that is started may take to bring its one-time token, in milliseconds. */
const oneTimeTokenMs = 60_000

/**
 * @param port the listening port; cookies are shared by all ports of a host, so it is part of the cookie's name
 * @param now milliseconds of a clock that never steps
 */
export function createAccess(port: number, now: () => number = () => performance.now()): Access {
  const token = newSecret()
  const session = newSecret()
  const cookie = `vasp-${port}`
  const oneTime = new Map<string, number>()
  return {
    token,
    setCookie: `${cookie}=${session}; Path=/; HttpOnly; SameSite=Strict`,
    issueOneTimeToken() {
      const issued = newSecret()
      oneTime.set(issued, now() + oneTimeTokenMs)
      return issued
    },
    exchange(candidate) {
      if (sameSecret(candidate, token)) return true
      for (const [issued, until] of oneTime) {
        if (now() > until) oneTime.delete(issued)
        else if (sameSecret(candidate, issued)) return oneTime.delete(issued)
      }
      return false
    },
    hasSession: (headers) => sameSecret(readCookie(headers.cookie ?? '', cookie) ?? '', session),
  }
}

/**
 * Checks Host and Origin; null lets the request through. The port of Host may be another one (an SSH tunnel to a GPU server ends at any port), its name may not: that is what DNS rebinding changes.
 * @param originRequired true for requests that change something and for WebSockets, where browsers always say where they come from
 */
export function checkSource(headers: IncomingHttpHeaders, originRequired: boolean): Refusal | null {
  const host = headers.host ?? ''
  if (Number(/:(\d+)$/.exec(host)?.[1] ?? 0) > 65_535) {
    return refuse(400, 'The port of this address is not valid.', 'Open the address that vasp serve printed.')
  }
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
    'This browser does not have access.',
    'Open the full address that vasp serve printed, with its token, by pasting it into the address bar.',
  )

const refuse = (status: Refusal['status'], message: string, next: string): Refusal => ({
  status,
  error: { code: status === 400 ? 'BAD_INPUT' : 'NO_PERMISSION', message, next },
})

const newSecret = (): string => randomBytes(32).toString('base64url')

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
