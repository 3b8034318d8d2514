/** From here on, data have as many users as those on which the paper measured its gains, within a factor of two or three. */
export const manyUsers = 50_000
/** Below, a deep model has little to learn from. */
export const enoughForDeep = 2000
/** Above, a matrix of all pairs of items takes long to solve. */
export const manyItems = 20_000
