const line = '='.repeat(80)

const introduction = (tensorflow) => `Third-party notices of VASP Studio

VASP Studio contains or uses the works listed here. This file is written by scripts/notices.mjs; do not edit it.

${line}
TensorFlow ${tensorflow} (Apache-2.0), Copyright The TensorFlow Authors. Not contained in VASP Studio: set-up fetches the official package
tensorflow-cpu from PyPI. Its own third-party notices lie beside it in the cache (tensorflow/THIRD_PARTY_NOTICES.txt).

MovieLens latest-small, Copyright GroupLens, University of Minnesota. The sample data set, redistributed under the terms of its README
(resources/sample/ml-latest-small/README.txt). F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context.
ACM Transactions on Interactive Intelligent Systems 5, 4, 19:1-19:19. https://doi.org/10.1145/2827872

Electron (MIT), Copyright Electron contributors, GitHub Inc. It carries its own notices (LICENSES.chromium.html).
`

/** The whole file: every licence text once, under the packages that it belongs to. */
export function noticesText(packages, tensorflow) {
  const byText = Map.groupBy(
    packages,
    ({ licence, text }) => text ?? `Licence: ${licence}. The package carries no licence file.`,
  )
  const sections = [...byText].map(([text, members]) => {
    const names = members.map(({ name, version, licence }) => `${name} ${version} (${licence})`)
    return `${line}\n${names.join('\n')}\n\n${text}\n`
  })
  return `${introduction(tensorflow)}\n${sections.join('\n')}`
}
