import fs from 'node:fs'
import path from 'node:path'

/** In the renderer's bundle without being a module of it: style sheets, fonts, icons. */
const bundledByStyle = ['@iconify-json/lucide', 'tailwindcss']

/** Packages without a licence file, with that of their repositories; its text is beside this file. */
const fromRepository = { 'vaul-vue': 'MIT' }

/**
 * Packages that reach a user: `{name, version, licence, text}` sorted by name. Those are the production dependencies of the lock file,
 * which the packaged application carries as they are, and those whose modules the build put into the renderer's bundle.
 */
export function shippedPackages(root) {
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
  const bundled = JSON.parse(fs.readFileSync(path.join(root, 'out/bundled-packages.json'), 'utf8'))
  const inBundle = new Set([...bundled, ...bundledByStyle.map((name) => `node_modules/${name}`)])
  const shipped = new Map()
  for (const [place, entry] of Object.entries(packages)) {
    const development = entry.dev === true || entry.devOptional === true
    if (place === '' || (development && !inBundle.has(place))) continue
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const licence = entry.license ?? fromRepository[name] ?? licenceOf(path.join(root, place))
    // A package for another platform is not here, so its text would differ from machine to machine.
    const text = entry.optional === true ? null : (licenceText(path.join(root, place)) ?? textFromRepository(name))
    shipped.set(`${name}@${entry.version}`, { name, version: entry.version, licence, text })
  }
  return [...shipped.values()].sort((a, b) =>
    a.name === b.name ? (a.version < b.version ? -1 : 1) : a.name < b.name ? -1 : 1,
  )
}

function licenceOf(folder) {
  const file = path.join(folder, 'package.json')
  if (!fs.existsSync(file)) return 'unknown'
  const { license, licenses } = JSON.parse(fs.readFileSync(file, 'utf8'))
  return license?.type ?? license ?? licenses?.map((entry) => entry.type).join(' OR ') ?? 'unknown'
}

function licenceText(folder) {
  if (!fs.existsSync(folder)) return null
  const file = fs
    .readdirSync(folder)
    .sort()
    .find((name) => /^(licen[cs]e|copying)(\.(md|txt|mit))?$/i.test(name))
  return file === undefined ? null : fs.readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()
}

const textFromRepository = (name) =>
  name in fromRepository ? fs.readFileSync(path.join(import.meta.dirname, `${name}.txt`), 'utf8').trim() : null
