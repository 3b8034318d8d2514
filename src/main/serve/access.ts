import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { ErrorShape } from '../../shared/errors'

/**
 * Access control of the browser host. There are three barriers, each against a different attacker:
 * a random token (other users of this machine), the Host header (a foreign name rebound to 127.0.0.1), the Origin header (a foreign page in the user's own browser).
 */
export interface Access {
  /** 256 random bits, base64url; part of the printed address, valid while the host runs. */
  readonly token: string
  /** The `Set-Cookie` header that a browser gets in exchange for the token. */
  readonly setCookie: string
  /** A token for one exchange within a minute: for addresses that other people can read, for example in the command line of a browser. */
  issueOneTimeToken(): string
  /** Whether a browser with `token` gets a session; a one-time token is then no longer valid. */
  exchange(token: string): boolean
  hasSession(headers: IncomingHttpHeaders): boolean
}

export interface Refusal {
  readonly status: 400 | 401 | 403
  readonly error: ErrorShape
}

/** How long a one-time token is valid, in milliseconds. */
const oneTimeTokenMs = 60_000

/**
 * @param port the listening port; cookies are shared by all ports of a host, so it is part of the cookie's name
 * @param now milliseconds of a monotonic clock
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
 * Checks Host and Origin; null allows the request. The port of Host may be different (an SSH tunnel to a GPU server can end at any port), but not its name, which DNS rebinding changes.
 * @param originRequired true for requests that change something and for WebSockets, for which browsers always send the origin
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

/** Compares in constant time, so that the delay of an answer reveals nothing about the secret. */
function sameSecret(candidate: string, secret: string): boolean {
  const a = Buffer.from(candidate)
  const b = Buffer.from(secret)
  return a.length === b.length && timingSafeEqual(a, b)
}
