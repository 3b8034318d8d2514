import { DuckDBInstance } from '@duckdb/node-api'

/** Files of ratings as DuckDB writes them, without a duplicate: an item is told by its place among a user's, plus what a power of a random number adds. */
export type Shape = 'movielens-20m' | 'netflix'

const gauss = 'sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())'

const selects: Readonly<Record<Shape, (rows: number) => { groups: string; ratings: string }>> = {
  /** User by user: 144 ratings each in the mean, 20 at least, of 26,744 films; half stars; seconds. */
  'movielens-20m': (rows) => ({
    groups: `SELECT n + 1 AS id, least(13372, 20 + floor(124.4 * exp(1.3 * ${gauss} - 0.845)))::BIGINT AS size
      FROM range(${Math.round(rows / 144.4)}) AS all_users(n)`,
    ratings: `SELECT id AS "userId", place + 1 + floor((26744 - size) * pow((place + random()) / size, 3))::BIGINT AS "movieId",
      (1 + floor(10 * random())) / 2 AS rating, (789652009 + id * 3000 + floor(pow(random(), 4) * 3e7))::BIGINT AS "timestamp"`,
  }),
  /** Film by film: 17,770 of them, 480,189 users; whole stars; days. */
  netflix: (rows) => ({
    groups: `SELECT n + 1 AS id, least(240094, 3 + floor(${rows / 17_770 - 3} * exp(1.8 * ${gauss} - 1.55)))::BIGINT AS size
      FROM range(17770) AS all_films(n)`,
    ratings: `SELECT place + 1 + floor((480189 - size) * pow((place + random()) / size, 2))::BIGINT AS customer, id AS film,
      (1 + floor(5 * random()))::INTEGER AS rating, DATE '1999-11-11' + floor(2242 * sqrt(random()))::INTEGER AS day`,
  }),
}

/** Writes about `rows` ratings to `path` as CSV, the same ones each time. Resolves to their number. */
export async function generateRatings(shape: Shape, rows: number, path: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1500MB', threads: '1' })
  const connection = await instance.connect()
  try {
    const { groups, ratings } = selects[shape](rows)
    await connection.run('SELECT setseed(0.5)')
    await connection.run(`CREATE TABLE sizes AS ${groups}`)
    await connection.run(
      `COPY (${ratings} FROM (SELECT id, size, unnest(range(size)) AS place FROM sizes)) TO '${path}' (HEADER)`,
    )
    const counted = await connection.runAndReadAll('SELECT sum(size)::DOUBLE FROM sizes')
    return Number(counted.getRows()[0]?.[0])
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
