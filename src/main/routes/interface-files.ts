import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { StudioError } from '../../shared/errors'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

/** The files of the built renderer, by URL path. */
export interface InterfaceFiles {
  /** The file at `pathname` (percent-encoded), the page itself for a path without extension, or null. */
  respond(pathname: string): Promise<Response | null>
}

/** URL path → file, for every file below `folder`. Folders are read one by one, because asar archives do not list recursively. */
async function listFiles(folder: string, prefix = ''): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      for (const [url, file] of await listFiles(path, `${prefix}/${entry.name}`)) files.set(url, file)
    } else if (entry.isFile()) {
      files.set(`${prefix}/${entry.name}`, path)
    }
  }
  return files
}

/**
 * Lists the files of the built renderer in `folder`. Only these can be answered: a path is looked up in this list and never joined
 * to a folder, so path traversal is impossible. Throws NOT_FOUND if the renderer has not been built.
 */
export async function interfaceFiles(folder: string): Promise<InterfaceFiles> {
  const files = await listFiles(folder).catch((error: unknown) => {
    throw notBuilt(folder, error)
  })
  const page = files.get('/index.html')
  if (page === undefined) throw notBuilt(folder, null)

  return {
    async respond(pathname) {
      const path = decoded(pathname)
      if (path === null) return null
      const file = path === '/' ? page : (files.get(path) ?? (extname(path) === '' ? page : undefined))
      if (file === undefined) return null
      return new Response(await readFile(file), {
        headers: {
          'content-type': contentTypes[extname(file).toLowerCase()] ?? 'application/octet-stream',
          // Names below assets/ contain a hash of their content; the page itself must be loaded again after an update.
          'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        },
      })
    },
  }
}

function decoded(pathname: string): string | null {
  try {
    const path = decodeURIComponent(pathname)
    // No page or file has such a character in its name; a zero byte would end the name in a system call.
    return /\p{Cc}/u.test(path) ? null : path
  } catch {
    return null // malformed percent-encoding names no file
  }
}

const notBuilt = (folder: string, cause: unknown): StudioError =>
  new StudioError(
    {
      code: 'NOT_FOUND',
      message: `The built interface is missing from ${folder}.`,
      next: 'Build it with npm run build, or install VASP Studio again.',
    },
    { cause },
  )
