interface LateAnswer<Answer> {
  readonly promise: Promise<Answer>
  resolve(answer: Answer): void
  reject(error: Error): void
}

/** An answer that comes when the test gives it. */
export function lateAnswer<Answer>(): LateAnswer<Answer> {
  let [resolve, reject]: [(answer: Answer) => void, (error: Error) => void] = [() => undefined, () => undefined]
  const promise = new Promise<Answer>((...given) => ([resolve, reject] = given))
  return { promise, resolve, reject }
}
