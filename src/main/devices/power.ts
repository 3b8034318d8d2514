import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const supplies = '/sys/class/power_supply'

const read = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    // A supply may be unplugged while it is read.
    return null
  }
}

/**
 * Whether this machine runs on its battery, as Linux tells without a desktop; null on other systems. A machine without a battery runs on mains.
 * @param folder of the power supplies
 */
export function runsOnBattery(folder = supplies): boolean | null {
  if (process.platform !== 'linux') return null
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return null
  }
  const found = names.map((name) => ({
    type: read(join(folder, name, 'type')),
    online: read(join(folder, name, 'online')),
    status: read(join(folder, name, 'status')),
    // Of a mouse or a headset.
    device: read(join(folder, name, 'scope')) === 'Device',
  }))
  const mains = found.filter(({ type }) => type === 'Mains' || type === 'USB')
  if (mains.some(({ online }) => online === '1')) return false
  return found.some(({ type, status, device }) => type === 'Battery' && !device && status === 'Discharging')
}
