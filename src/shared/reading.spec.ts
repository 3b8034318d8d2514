import { describe, expect, it } from 'vitest'
import {
  type Choice,
  type ChoiceControl,
  choiceOfItems,
  controlOptions,
  controlsNamedIn,
  itemsControls,
} from './reading'

const choice = (control: ChoiceControl, option: string): Choice => ({
  about: 'header',
  file: 'items.csv',
  column: null,
  value: 'comma',
  certainty: 'guess',
  evidence: 'It contains words.',
  affectsData: true,
  control,
  option,
})

describe('a choice made for the file of items of an import', () => {
  it.each(Object.entries(itemsControls))('of %s is changed by “%s” and its option', (control, ofItems) => {
    const plain = control as keyof typeof itemsControls
    const { option, control: found } = choiceOfItems(choice(plain, `${controlOptions[plain][0]} X`))
    expect(found).toBe(ofItems)
    expect(option).toBe(`${controlOptions[ofItems][0]} X`)
    expect(controlsNamedIn(option)).toContain(ofItems)
  })

  it('names only the options of the items if there are several', () => {
    const { option } = choiceOfItems(choice('First row', '--header no --skip 1'))
    expect(option).toBe('--items-header no --items-skip 1')
  })

  it('is unchanged if a control applies to all files', () => {
    const joined = choice('Files', 'an items file with one row for each item')
    expect(choiceOfItems(joined)).toBe(joined)
  })
})
