import { linearSums, type Explanation, type RecommendedItem } from '../../shared/explore'
import { memberColumns } from './registry'

/*
 * In `--json` each member's figures are also stored under its name, besides the list of factors: `member`, `memberRank`, `logMember`, … Members that
 * some model always has appear in every document, null if a model does not have them, just like their columns in every file. Where one linear sum
 * explains an item, its figures are also stored beside the factors.
 */

type Named = Readonly<Record<string, number | null>>

/** The factors of an item by name. */
export const namedItem = <Item extends Pick<RecommendedItem, 'factors'>>(item: Item): Item & object => ({
  ...item,
  ...byName(item.factors, (member, factor) => ({
    [member]: factor?.value ?? null,
    [`${member}Rank`]: factor?.rank ?? null,
  })),
})

/** The figures of each member in an explanation, by name, and those of the only linear sum. */
export const namedExplanation = (explanation: Explanation): Explanation & object => ({
  ...explanation,
  ...onlyLinearSum(explanation),
  item: namedItem(explanation.item),
  ...byName(explanation.factors, (member, factor) => {
    const capital = member.charAt(0).toUpperCase() + member.slice(1)
    return {
      [`log${capital}`]: factor?.log ?? null,
      [`share${capital}`]: factor?.share ?? null,
      [`lift${capital}`]: factor?.lift ?? null,
    }
  }),
})

/** Null where no sum explains the item, or several do: which of them it would be could not be told. */
function onlyLinearSum(explanation: Explanation): object {
  const [only, ...others] = linearSums(explanation)
  const { logit, intercept, contributions } =
    only && others.length === 0 ? only.sum : { logit: null, intercept: 0, contributions: null }
  return { linearLogit: logit, intercept, contributions }
}

function byName<Factor extends { readonly member: string }>(
  factors: readonly Factor[],
  of: (member: string, factor: Factor | null) => Named,
): Named {
  const columns = memberColumns(factors.map(({ member }) => member))
  return Object.assign(
    {},
    ...columns.map((member) => of(member, factors.find((factor) => factor.member === member) ?? null)),
  ) as Named
}
