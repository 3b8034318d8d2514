import { segmentName, type SegmentName } from '../../../shared/metrics'

/** The labels of segments, with their names on the command line and in files. */
export const segmentLabels: Readonly<Record<SegmentName, string>> = {
  light: 'Users with short histories (light)',
  medium: 'Users in the middle (medium)',
  heavy: 'Users with long histories (heavy)',
  head: 'Targets among popular items (head)',
  mid: 'Targets in the middle (mid)',
  tail: 'Targets among niche items (tail)',
}

/** The segments that a table can show, all test users first. */
export const segmentChoices: { value: SegmentName | 'all'; label: string }[] = [
  { value: 'all', label: 'All test users' },
  ...segmentName.options.map((value) => ({ value, label: segmentLabels[value] })),
]
