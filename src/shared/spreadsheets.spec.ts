import { expect, test } from 'vitest'
import { exceptionsText } from './exports'
import { beyondSpreadsheet } from './spreadsheets'

test('a file is too long for a spreadsheet from the row on that its header takes', () => {
  expect(beyondSpreadsheet(1_048_575)).toBeNull()
  expect(beyondSpreadsheet(1_048_576)).toContain('this file has 1,048,577')
  expect(beyondSpreadsheet(1_048_576, true)).toContain('this file can have up to 1,048,577')
})

test('users whose lists are not the model’s are counted', () => {
  expect(exceptionsText({ popular: 0, leftOut: 0 })).toBeNull()
  expect(exceptionsText({ popular: null, leftOut: null })).toBeNull()
  expect(exceptionsText({ popular: 1, leftOut: 0 })).toBe(
    'The model does not know any item of 1 user: the list comes from popularity.',
  )
  expect(exceptionsText({ popular: 0, leftOut: 1200 })).toBe(
    'The model does not know any item of 1,200 users: they were left out.',
  )
})
