import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** PCI ids: NVIDIA, and the classes of display controllers. */
const nvidia = '0x10de'
const displays = '0x03'

/**
 * Whether an NVIDIA GPU is plugged in, found without a driver; null if the system does not show it (containers often hide the bus, and
 * only Linux has it here). @param bus folder of PCI devices
 */
export function hasNvidiaHardware(bus = '/sys/bus/pci/devices'): boolean | null {
  let devices: string[]
  try {
    devices = readdirSync(bus)
  } catch {
    return null
  }
  const read = (device: string, file: string): string => {
    try {
      return readFileSync(join(bus, device, file), 'utf8').trim()
    } catch {
      return ''
    }
  }
  if (devices.length === 0) return null
  return devices.some((device) => read(device, 'vendor') === nvidia && read(device, 'class').startsWith(displays))
}
