import type { Dataset } from '../../shared/datasets'
import type { TestMetricName } from '../../shared/metrics'

type Figures = Partial<Record<TestMetricName, number>>

type Size = Pick<Dataset, 'users' | 'interactions'>

interface PublishedTable {
  /** The data that the figures were measured on. */
  readonly shape: string
  /** Sizes of the imported data: all ratings, or only the positives (4 and higher, users with at least 5) that the paper uses. */
  readonly sizes: readonly Size[]
  readonly citation: string
  /** By the row's key in the built-in recipes. */
  readonly rows: Readonly<Record<string, Figures>>
}

/** Data sets whose sizes differ from the published ones by less than this share match them. */
const tolerance = 0.02

const citation =
  'V. Vančura and P. Kordík, “Deep Variational Autoencoder with Shallow Parallel Path for Top-N Recommendation (VASP)”, arXiv 2102.05774, 2021, tables I–III'

const figures = (ndcg100: number, recall20: number, recall50: number): Figures => ({
  'ndcg@100': ndcg100,
  'recall@20': recall20,
  'recall@50': recall50,
})

/** Figures printed in the paper, whose baselines are as their own authors published them. */
const published: readonly PublishedTable[] = [
  {
    shape: 'MovieLens 20M',
    sizes: [
      { users: 138_493, interactions: 20_000_263 },
      { users: 136_677, interactions: 9_990_682 },
    ],
    citation,
    rows: {
      'mult-dae': figures(0.419, 0.387, 0.524),
      'mult-vae': figures(0.426, 0.395, 0.537),
      ease: figures(0.42, 0.391, 0.521),
      recvae: figures(0.442, 0.414, 0.553),
      hvamp: figures(0.445, 0.413, 0.551),
      nease: figures(0.431, 0.403, 0.532),
      flvae: figures(0.445, 0.409, 0.547),
      vasp: figures(0.448, 0.414, 0.552),
      'nease-mse': figures(0.425, 0.393, 0.523),
      'nease-cosine': figures(0.431, 0.403, 0.532),
      'nease-focal': figures(0.377, 0.343, 0.426),
      'vasp-pretrained': figures(0.442, 0.414, 0.545),
      'vasp-alternating': figures(0.436, 0.401, 0.543),
      'vasp-joint': figures(0.448, 0.414, 0.552),
    },
  },
  {
    shape: 'Netflix Prize',
    sizes: [
      { users: 480_189, interactions: 100_480_507 },
      { users: 463_435, interactions: 56_880_037 },
    ],
    citation,
    rows: {
      'mult-dae': figures(0.38, 0.344, 0.438),
      'mult-vae': figures(0.386, 0.351, 0.444),
      ease: figures(0.393, 0.362, 0.445),
      recvae: figures(0.394, 0.361, 0.452),
      hvamp: figures(0.409, 0.376, 0.463),
      nease: figures(0.395, 0.363, 0.447),
      flvae: figures(0.398, 0.363, 0.45),
      vasp: figures(0.406, 0.372, 0.457),
    },
  },
]

const near = (value: number, wanted: number): boolean => Math.abs(value - wanted) <= tolerance * wanted

/** The published table for data of this size; null for other data, with which published figures cannot be compared. */
export const publishedFor = ({ users, interactions }: Size): PublishedTable | null =>
  published.find(({ sizes }) =>
    sizes.some((size) => near(users, size.users) && near(interactions, size.interactions)),
  ) ?? null
