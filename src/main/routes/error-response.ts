import { toErrorShape, type ErrorCode, type ErrorShape } from '../../shared/errors'

const statuses: Partial<Record<ErrorCode, number>> = {
  BAD_INPUT: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  CANCELLED: 409,
  DISK_FULL: 507,
  NO_PERMISSION: 403,
  NEWER_DATABASE: 409,
}

/** An `ErrorShape` as a JSON answer, with the HTTP status that fits its code unless one is given. */
export function errorResponse(error: ErrorShape, status = statuses[error.code] ?? 500): Response {
  return Response.json(error, { status, headers: { 'cache-control': 'no-store' } })
}

/** The answer for any error thrown while a request was handled. */
export const failureResponse = (error: unknown): Response => errorResponse(toErrorShape(error))
