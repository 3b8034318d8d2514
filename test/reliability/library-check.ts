import { Tally, type AttackResult } from './attack'
import type { Finding } from './library-state'
import { endText, type Ended, type Product } from './product'

const check = (product: Product, library: string): Promise<Ended> => product.run(['library', 'check'], { library })

const isUnknown = ({ stderr }: Ended): boolean => /unknown command/i.test(stderr)

/** The problems that the product's own check finds in a library: none if it is clean, or if the product has no check (which `checkOfCheck` counts). */
export async function vaspLibraryCheck(product: Product, library: string): Promise<Finding[]> {
  const checked = await check(product, library)
  if (checked.code === 0 || isUnknown(checked)) return []
  return [{ what: 'vasp library check is not clean', detail: endText(checked) }]
}

/** A separate part: the product has a check, and it finds nothing in an undisturbed library. */
export async function checkOfCheck(product: Product, library: string): Promise<AttackResult> {
  const tally = new Tally('vasp library check, undisturbed')
  const checked = await check(product, library)
  tally.add(0, checked.code === 0 ? [] : [{ what: 'vasp library check does not pass', detail: endText(checked) }])
  return tally.result()
}
