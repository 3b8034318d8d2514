import { calibrationText, weightReason, weightText } from '../../shared/combination-text'
import type { RunMember } from '../../shared/runs'
import { number, table, text } from './table'

/** The members of a combination, each with its weight and how its score was converted to a probability; below, the reasons of weights. */
export const membersTable = (members: readonly RunMember[]): string =>
  [
    table(
      [number('run'), text('name'), number('weight'), text('probability')],
      members.map(({ run, name, weight, calibration, problem }) => [
        String(run),
        name,
        weightText(weight),
        calibration ? `${calibrationText(calibration)} of its score s` : problem === null ? 'its own' : 'none',
      ]),
    ),
    ...members.flatMap((member) => {
      const reason = weightReason(member)
      return reason === null
        ? []
        : [`Run ${member.run} has the weight ${weightText(member.weight)}, because ${reason}.`]
    }),
  ].join('\n')
