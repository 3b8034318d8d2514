/**
 * The byte route, the same under `app://ui` and the browser host:
 * - `PUT  /files/<handle>?offset=N`, body: one chunk; answers 204, or 4xx/5xx with an `ErrorShape` as JSON
 * - `GET  /exports/<id>`: the finished export as an attachment
 * - `GET  /run-files/<id>`, with `?data=1` for its data as well: the run as one file, see portable-runs.ts
 * Chunks keep memory flat and make an upload's progress and cancel exact.
 */
export const uploadChunkBytes = 8 * 1024 * 1024
export const uploadPath = (handle: string, offset: number): string => `/files/${handle}?offset=${offset}`
export const exportPath = (id: number): string => `/exports/${id}`
export const runFilePath = (run: number, withData: boolean): string => `/run-files/${run}${withData ? '?data=1' : ''}`
