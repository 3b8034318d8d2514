/** Whether an iteration's products by [users, items] take fewer multiplications than those by [items, items]. */
export const fewUsers = (users: number, items: number): boolean => 2 * users < items
