import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { precision } from '../settings/keys'
import { memberDefinitions, settingsOfMembers, type MemberDefinition } from './members'

const [known] = memberDefinitions
if (!known) throw new Error('There is no member.')

const rank = z.number().int().min(2).max(64).meta({ title: 'Rank', description: 'Length of a vector.' })

/** A member of this kind with these settings, whose default preset has these values. */
const memberOf = (
  kind: string,
  settings: z.ZodRawShape,
  config: Readonly<Record<string, number>> = {},
): MemberDefinition => ({
  ...known,
  kind,
  defaultPreset: 'small',
  presets: [{ name: 'small', label: 'Small', description: 'Small.', config }],
  member: { ...known.member, settings },
})

const defaultsOf = (shape: z.ZodRawShape): unknown => z.strictObject(shape).parse({})

describe('the settings of a product’s members', () => {
  it('have the value of the member’s default preset if they have no default', () => {
    const settings = settingsOfMembers([memberOf('one', { rank, depth: rank.default(3) }, { rank: 16 })], {})
    expect(defaultsOf(settings)).toEqual({ rank: 16, depth: 3 })
  })

  it('keep title, description and range in the schema of forms', () => {
    const settings = settingsOfMembers([memberOf('one', { rank }, { rank: 16 })], {})
    expect(z.toJSONSchema(z.strictObject(settings), { io: 'input' }).properties?.rank).toMatchObject({
      title: 'Rank',
      description: 'Length of a vector.',
      minimum: 2,
      maximum: 64,
      default: 16,
    })
  })

  it('are one for members that share it, and for the product itself', () => {
    const members = [memberOf('one', { rank, precision }, { rank: 8 }), memberOf('two', { rank }, { rank: 16 })]
    expect(Object.keys(settingsOfMembers(members, { precision }))).toEqual(['rank'])
    expect(defaultsOf(settingsOfMembers(members, { precision }))).toEqual({ rank: 8 })
  })

  it('are refused if two with one name differ, or one has no value', () => {
    const other = z.number().meta({ title: 'Rank', description: 'Something else.' })
    const members = [memberOf('one', { rank }, { rank: 8 }), memberOf('two', { rank: other }, { rank: 1 })]
    expect(() => settingsOfMembers(members, {})).toThrow(/“rank” of two differs/)
    expect(() => settingsOfMembers([memberOf('one', { precision: other }, { precision: 1 })], { precision })).toThrow(
      /“precision” of one differs/,
    )
    expect(() => settingsOfMembers([memberOf('one', { rank })], {})).toThrow(
      /default preset of one has no value for its setting “rank”/,
    )
  })
})
